# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a parsed mke4.yaml to the model, with everything that is wrong in it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.connection import connection_variables
from ansible_collections.mke4k.core.plugins.module_utils._config.document import Document, recognise
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding, errors_of
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Host, Loaded
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.paths import lookup, shortened
from ansible_collections.mke4k.core.plugins.module_utils._config.plain import plain
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import COMPONENTS
from ansible_collections.mke4k.core.plugins.module_utils._config.resolve import (
    data_dir,
    host_name,
    kubelet_root_dir,
    pod_cidr,
    service_cidr,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.all import rule_findings
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, HostDraft
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.network import NODE_PORT_RANGE
from ansible_collections.mke4k.core.plugins.module_utils._config.validate import Validator, with_foreign
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid, shown
from ansible_collections.mke4k.core.plugins.module_utils._config.values.scalars import to_word
from ansible_collections.mke4k.core.plugins.module_utils._config.versions import version_problem

# The names of overrides, and which version of the release each sets.
OVERRIDES: Mapping[str, str] = {
    "release": "release",
    **{f"{component}_version": component for component in COMPONENTS},
    "operator_image": "operator_image",
    "operator_chart": "operator_chart",
    "operator_version": "operator_chart",
}


def load(
    document: Any,
    *,
    overrides: Optional[Mapping[str, Any]] = None,
    inventory_hosts: Optional[Sequence[Mapping[str, Any]]] = None,
) -> Loaded:
    """Reads an mke4.yaml that was parsed already. Whatever it is given, the answer is a `Loaded`.

    `overrides`: `release`, and versions of its components such as `k0s_version`. `inventory_hosts`: hosts like those
    of `spec.hosts`, each with its `name` in the inventory and the `path` that findings on it shall have (default: `host
    <name>`); they are used instead of those of the file.
    """
    copy, findings = plain(document)
    wanted, problems = _overrides(overrides)
    recognised = recognise(copy, wanted.get("release", ""))
    findings += [*problems, *recognised.findings]
    if not recognised.form:
        return Loaded(None, tuple(findings), None, recognised.form, recognised.described)
    release = recognised.release.with_components(wanted)
    validator = Validator(release, recognised.root)
    draft = _draft(validator, recognised, inventory_hosts)
    findings += [*validator.findings, *rule_findings(draft)]
    cluster = None if errors_of(findings) else _cluster(recognised, draft, validator)
    known = release if recognised.release_known else None
    return Loaded(cluster, tuple(dict.fromkeys(findings)), known, recognised.form, recognised.described)


def _overrides(given: Optional[Mapping[str, Any]]) -> Tuple[Dict[str, str], List[Finding]]:
    """The overrides that are set: the release's name, and versions by component."""
    found: Dict[str, str] = {}
    findings: List[Finding] = []
    copy, problems = plain(given or {})
    for name, value in (copy or {}).items():
        if value in (None, ""):
            continue
        path = f"mke4k_{shortened(name)}"
        if name not in OVERRIDES:
            near = nearest(name, OVERRIDES)
            remedy = f"did you mean {near}?" if near else "remove it"
            findings.append(Finding(WARNING, "override-unknown", path, "is not known", remedy, ", ".join(OVERRIDES)))
            continue
        try:
            version = to_word(value)
        except Invalid as error:
            findings.append(Finding(ERROR, "override-value", path, error.reason, "write it as text", error.allowed))
            continue
        problem = version_problem(OVERRIDES[name], version)
        if problem:
            findings.append(Finding(ERROR, "override-value", path, f"is {shown(version)}", problem))
        else:
            found[OVERRIDES[name]] = version
    return found, [*problems, *findings]


def _draft(validator: Validator, document: Document, inventory_hosts: Optional[Sequence[Mapping[str, Any]]]) -> Draft:
    spec = dict(document.spec)
    if inventory_hosts is not None:
        spec.pop("hosts", None)
    checked = validator.spec(spec)
    if inventory_hosts is None:
        hosts = _listed_hosts(document, checked)
    else:
        hosts = _inventory_hosts(validator, inventory_hosts)
    broken = frozenset(finding.path for finding in errors_of(validator.findings))
    return Draft(validator.release, checked, document.root, hosts, broken)


def _listed_hosts(document: Document, spec: Mapping[str, Any]) -> Tuple[HostDraft, ...]:
    prefix = "spec.hosts" if document.root else "hosts"
    listed = spec.get("hosts")
    return tuple(
        HostDraft(f"{prefix}[{place}]", host_name(item), item)
        for place, item in enumerate(listed if isinstance(listed, list) else ())
    )


def _inventory_hosts(validator: Validator, hosts: Sequence[Mapping[str, Any]]) -> Tuple[HostDraft, ...]:
    copy, findings = plain(list(hosts))
    validator.findings += findings
    drafts = []
    for item in copy or ():
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            problem = Finding(ERROR, "host-name-missing", "inventory", f"{shown(item)} is no host", "give it a name")
            validator.findings.append(problem)
            continue
        values = {key: value for key, value in item.items() if key not in ("name", "path")}
        place = str(item.get("path") or f"host {item['name']}")
        drafts.append(HostDraft(place, item["name"], validator.host(values, place)))
    return tuple(drafts)


def _cluster(document: Document, draft: Draft, validator: Validator) -> Cluster:
    spec, release = draft.spec, draft.release
    return Cluster(
        name=document.name,
        namespace=document.namespace,
        release=release,
        spec=with_foreign(spec, validator.foreign),
        settings=spec,
        hosts=tuple(_host(host, data_dir(spec)) for host in draft.hosts),
        pod_cidr=pod_cidr(spec, release),
        service_cidr=service_cidr(spec, release),
        node_port_range=str(lookup(spec, "network.nodePortRange") or NODE_PORT_RANGE),
        data_dir=data_dir(spec),
        kubelet_root_dir=kubelet_root_dir(spec),
        external_address=str(lookup(spec, "apiServer.externalAddress") or ""),
        sans=tuple(lookup(spec, "apiServer.sans") or ()),
    )


def _host(host: HostDraft, directory: str) -> Host:
    values = host.values
    return Host(
        name=host.name,
        address=host.address or host.name,
        role=host.role,
        install_flags=tuple(values.get("installFlags") or ()),
        hostname=str(values.get("hostname") or ""),
        private_address=str(values.get("privateAddress") or ""),
        private_interface=str(values.get("privateInterface") or ""),
        no_taints=bool(values.get("noTaints")),
        data_dir=directory,
        connection=connection_variables(values),
        labels=_texts(values.get("labels")),
        taints=tuple(values.get("taints") or ()),
        annotations=_texts(values.get("annotations")),
    )


def _texts(values: Optional[Mapping[str, Any]]) -> Mapping[str, str]:
    """As Kubernetes has them: YAML makes a number or a truth value of what looks like one."""
    return {str(name): _text(value) for name, value in (values or {}).items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
