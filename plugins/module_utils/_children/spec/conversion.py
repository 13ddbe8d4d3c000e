# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an MkeConfig to the spec of an MkeChildConfig: "with only a few exceptions, all other sections are the same".

The exceptions are those of MKE's documentation of child clusters. What a child cannot have is left out, each with a
warning that says what to do instead; what was switched off anyway is left out without a word. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.spec.left_out import LEFT_OUT
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.profiles import take_profiles
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import at
from ansible_collections.mke4k.core.plugins.module_utils._config.document import KIND
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.tables import FIELDS
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import shown

ENVELOPE = ("apiVersion", "kind", "metadata", "spec", "status")
# The ports that services of type NodePort have in a child; MKE's own ingress is at the first two.
NODE_PORTS = range(30000, 32768)
WITH_NODE_PORTS = (("ingressController", "nodePorts"), ("gatewayMKEIngress", "nodePorts"))


@dataclass(frozen=True)
class Converted:
    """The spec, without `infrastructure` and `version`; and what could not be carried over."""

    spec: Dict[str, Any]
    findings: Tuple[Finding, ...] = ()


def converted(document: Mapping[str, Any], version: str, path: str) -> Converted:
    """`document` is an MkeConfig or the body of its `spec`; `version` is the release of the child."""
    findings: List[Finding] = []
    body = _body(document, path, findings)
    spec: Dict[str, Any] = deepcopy(dict(body))
    findings += _unknown(spec, path)
    take_profiles(spec, path, findings)
    for rule in LEFT_OUT:
        if rule.applies(version):
            _leave_out(spec, rule.steps, rule.message, rule.remedy, path, findings, rule.is_quiet)
    for steps in WITH_NODE_PORTS:
        if _has_foreign_ports(at(spec, steps)):
            _leave_out(spec, steps, "has ports outside of 30000-32767, the range of a child",
                       "MKE's ingress is at 30000 and 30001 there", path, findings)  # fmt: skip
    _one_provider(spec, path, findings)
    _addons(spec, path, findings)
    return Converted(_without_empty(spec, body), tuple(findings))


def _body(document: Mapping[str, Any], path: str, findings: List[Finding]) -> Mapping[str, Any]:
    kind = document.get("kind", KIND)
    if kind != KIND:
        findings.append(
            Finding(
                ERROR,
                "mke-config-kind",
                f"{path}.kind",
                f"is {shown(kind)}",
                "give the spec of an MkeChildConfig in `spec`",
                KIND,
            )
        )
        return {}
    if "spec" not in document:
        return {key: value for key, value in document.items() if key not in ENVELOPE}
    body = document["spec"]
    if isinstance(body, Mapping):
        return body
    findings.append(Finding(ERROR, "mke-config-spec", f"{path}.spec", f"is {shown(body)}", allowed="a mapping"))
    return {}


def _unknown(spec: Mapping[str, Any], path: str) -> List[Finding]:
    known = {line.steps[0] for line in FIELDS}
    found = []
    for name in spec:
        if name not in known:
            near = nearest(str(name), known)
            remedy = f"did you mean {near}?" if near else "check it against the documentation of MkeChildConfig"
            message = "is not a section of an MkeConfig, and is passed on as it is"
            found.append(Finding(WARNING, "mke-config-unknown", f"{path}.{name}", message, remedy))
    return found


def _leave_out(
    spec: Dict[str, Any],
    steps: Tuple[str, ...],
    message: str,
    remedy: str,
    path: str,
    findings: List[Finding],
    is_quiet: Any = None,
) -> None:
    holder = at(spec, steps[:-1]) if len(steps) > 1 else spec
    if not isinstance(holder, dict) or steps[-1] not in holder:
        return
    value = holder.pop(steps[-1])
    if value in (None, "", {}, []) or (is_quiet is not None and is_quiet(value)):
        return
    findings.append(_warning(f"{path}.{'.'.join(steps)}", message, remedy))


def _has_foreign_ports(ports: Any) -> bool:
    if isinstance(ports, Mapping):
        return any(_has_foreign_ports(item) for item in ports.values())
    return str(ports).isdigit() and int(ports) not in NODE_PORTS


def _one_provider(spec: Dict[str, Any], path: str, findings: List[Finding]) -> None:
    """`network.providers`, of which one is enabled, is `network.provider`, that one."""
    network = spec.get("network")
    if not isinstance(network, dict) or "providers" not in network:
        return
    listed = network.pop("providers") or []
    items = listed if isinstance(listed, list) else [listed]
    enabled = [item for item in items if isinstance(item, Mapping) and _is_on(item.get("enabled"))]
    if len(enabled) > 1:
        names = ", ".join(str(item.get("provider")) for item in enabled)
        findings.append(
            Finding(
                ERROR,
                "mke-config-providers",
                f"{path}.network.providers",
                f"has {names} enabled",
                "enable one of them: a child has one network provider",
            )
        )
    elif enabled:
        network["provider"] = enabled[0]


def _addons(spec: Dict[str, Any], path: str, findings: List[Finding]) -> None:
    addons = spec.get("addons")
    if not isinstance(addons, list):
        return
    kept = [item for item in addons if "metallb" not in _addon_names(item)]
    if len(kept) < len(addons):
        findings.append(
            _warning(
                f"{path}.addons",
                "has MetalLB, which children cannot have",
                "use services of type LoadBalancer: AWS makes load balancers for them",
            )
        )
    spec["addons"] = kept


def _addon_names(item: Any) -> Tuple[str, ...]:
    return tuple(str(at(item, steps)).lower() for steps in (("name",), ("chart", "name")))


def _without_empty(spec: Mapping[str, Any], written: Mapping[str, Any]) -> Dict[str, Any]:
    """Without sections that had something, and have nothing left."""
    kept: Dict[str, Any] = {}
    for key, value in spec.items():
        before = written.get(key)
        left = _without_empty(value, before) if isinstance(value, Mapping) and isinstance(before, Mapping) else value
        if left not in ({}, []) or before in ({}, [], None):
            kept[key] = left
    return kept


def _is_on(value: Any) -> bool:
    return value is True or str(value).strip().lower() in ("true", "yes", "on", "1")


def _warning(path: str, message: str, remedy: str) -> Finding:
    return Finding(WARNING, "not-for-children", path, message, remedy)
