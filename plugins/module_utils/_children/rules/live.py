# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be changed of a child that is there. Pure.

Machine templates of Cluster API are immutable and have fixed names in k0rdent's templates, so another instance type,
image or disk fails for good; from v4.2.1 on MKE names them after their content, and an edit rolls the machines. The
network, the region, the key and the credential are only read when a child is made.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Iterator, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Engine, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.rules.own import ROLES
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.defaults import FIXED as DEFAULTS, machine
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.merge import merged
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.placement import is_at_least
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import CONTROL_PLANES, at, counted
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import FIELD_MANAGER
from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import abandoned

ROLLS_MACHINES_SINCE = (4, 2, 1)
INFRASTRUCTURE = "infrastructure."
CONFIGURATION = "infrastructure.configuration."
# Path in the spec, and the option that sets it.
FIXED: Tuple[Tuple[str, str], ...] = (
    (f"{INFRASTRUCTURE}provider", "provider"),
    (f"{INFRASTRUCTURE}region", "region"),
    (f"{INFRASTRUCTURE}credential", "credential"),
    (f"{CONFIGURATION}sshKeyName", "ssh_key_name"),
    (f"{CONFIGURATION}network", "availability_zones"),
    (f"{CONFIGURATION}publicIP", "public_ip"),
    (f"{CONFIGURATION}clusterNetwork", f"spec.{CONFIGURATION}clusterNetwork"),
    ("network.serviceCIDR", "spec.network.serviceCIDR"),
    ("network.provider.provider", "spec.network.provider.provider"),
    ("network.provider.extraConfig.cidrV4", "spec.network.provider.extraConfig.cidrV4"),
    ("kubelet.kubeletRootDir", "spec.kubelet.kubeletRootDir"),
)
# What systems that would undo our changes leave on the objects they apply.
OTHERS: Tuple[Tuple[str, str], ...] = (
    ("argocd.argoproj.io/tracking-id", "Argo CD"),
    ("argocd.argoproj.io/instance", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("helm.toolkit.fluxcd.io/name", "Flux"),
    ("meta.helm.sh/release-name", "Helm"),
)
ONLY_WHEN_MADE = "is only read when a child is made"
MKE_TEMPLATE = "mke4k-"


def check(child: Child, root: Mapping[str, Any], engine: Engine) -> Iterator[Finding]:
    if (root.get("metadata") or {}).get("deletionTimestamp"):
        yield Finding(
            ERROR, "child-is-going", f"child {child.name}", "is being deleted",
            "wait until it is gone (mke4k.core.remove_children waits), then make it anew",
        )  # fmt: skip
        return
    if engine.name == "k0rdent" and str(at(root, ("spec", "template"), "")).startswith(MKE_TEMPLATE):
        yield Finding(
            ERROR, "child-of-another-engine", f"child {child.name}", "was made by mke-operator, which would undo this",
            "use the engine mke-operator for it, or another name",
        )  # fmt: skip
        return
    yield from _others(child, root)
    before, after = engine.spec_of(root), _after(child, root, engine)
    yield from _fixed(child, before, after)
    if engine.name == "k0rdent":
        yield from _machines(child, before, after, "has a fixed name in k0rdent's template, and cannot be changed")
    elif not is_at_least(child.version, ROLLS_MACHINES_SINCE):
        yield from _machines(child, before, after, "cannot be changed on a live child before v4.2.1")
    yield from _fewer_control_planes(child, before, after)


def _others(child: Child, root: Mapping[str, Any]) -> Iterator[Finding]:
    marks = {**(at(root, ("metadata", "labels")) or {}), **(at(root, ("metadata", "annotations")) or {})}
    owner = next((owner for mark, owner in OTHERS if mark in marks), "")
    if owner:
        yield Finding(
            WARNING, "child-of-somebody-else", f"child {child.name}",
            f"is applied by {owner}, which may undo what is changed here",
            f"change it there (mode: render writes files for it), or take it out of {owner} first",
        )  # fmt: skip


def _after(child: Child, root: Mapping[str, Any], engine: Engine) -> Mapping[str, Any]:
    """The spec as it would be: with what others have set, and without what this collection set once and no longer."""
    facts = Mothership(namespace=child.namespace, others={child.name: dict(root)})
    wanted = engine.manifests(child, facts)[-1]
    spec = deepcopy(dict(root.get("spec") or {}))
    for path in abandoned(root, wanted, FIELD_MANAGER):
        start, *steps = path.split(".")
        if start == "spec":
            _drop(spec, steps)
    return engine.spec_of({**root, "spec": merged(spec, wanted["spec"])})


def _drop(value: Any, steps: Sequence[str]) -> None:
    holder = at(value, steps[:-1]) if len(steps) > 1 else value
    if isinstance(holder, dict):
        holder.pop(steps[-1], None)


def _fixed(child: Child, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
    for path, option in FIXED:
        steps, default = tuple(path.split(".")), DEFAULTS.get(path)
        was, asked = at(before, steps, default), at(after, steps, default)
        if asked is not None and asked != was:
            yield _needs_new_child(child, option, was, asked, ONLY_WHEN_MADE)


def _machines(child: Child, before: Mapping[str, Any], after: Mapping[str, Any], why: str) -> Iterator[Finding]:
    for role, option in ROLES:
        was, asked = machine(before, role), machine(after, role)
        for field in sorted({*was, *asked}):
            if was.get(field) != asked.get(field):
                yield _needs_new_child(child, f"{option}: {field}", was.get(field), asked.get(field), why)


def _fewer_control_planes(child: Child, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
    was, asked = (_count(spec) for spec in (before, after))
    if asked < was:
        yield Finding(
            WARNING, "child-fewer-control-planes", f"child {child.name}: control_plane_number",
            f"goes from {was} to {asked}: k0smotron removes the youngest machines, and etcd may lose its quorum",
            "make sure there is a backup",
        )  # fmt: skip


def _count(spec: Mapping[str, Any]) -> int:
    found = counted(spec, "controlPlaneNumber", CONTROL_PLANES)
    return found if isinstance(found, int) else CONTROL_PLANES


def _needs_new_child(child: Child, option: str, was: Any, asked: Any, reason: str) -> Finding:
    return Finding(
        ERROR, "child-needs-to-be-made-anew", f"child {child.name}: {option}",
        f"is {_words(was)} and cannot become {_words(asked)}: it {reason}",
        "put the old value back, or make a new child beside this one and remove this one afterwards",
    )  # fmt: skip


def _words(value: Any) -> str:
    if value is None:
        return "what the template says"
    if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str):
        return f"{value}"
    return f"'{value}'"
