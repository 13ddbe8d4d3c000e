# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first page of a support bundle: what stands out, and what is where. Pure.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._k0s.rotate.due import days_left
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import NONE, Item

MOST = 30
_LEFT_OUT = (
    "Keys, tokens, the data of etcd, and the contents of Secrets, of users' ConfigMaps and of the variables of users' "
    "containers were not taken. Values that look secret, that stand beside a name such as `password`, or that are in a "
    "Secret of the cluster are replaced by `********` everywhere. Names of hosts, users and objects, and addresses, "
    "are as they are: look before you hand it on."
)
_UNKNOWN_VALUES = (
    "As the API could not be asked, nobody knew the values of Secrets: one that stands in a log without a name beside "
    "it is still there."
)
_DONE = ("Running", "Succeeded")


@dataclass(frozen=True)
class HostPart:
    """What came of one host: its items, or the reason why there are none; `state` is what k0s_node_info told."""

    name: str
    items: Sequence[Item] = ()
    missing: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Bundle:
    """Everything that goes into one bundle. `missing` says why nothing of the cluster is in it."""

    title: str
    when: str
    now: float
    about: Sequence[str]
    hosts: Sequence[HostPart]
    items: Sequence[Item] = ()
    objects: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    missing: str = ""


def index(bundle: Bundle) -> str:
    lines = [f"# Support bundle of {bundle.title}", "", f"Made {bundle.when}.", "", *bundle.about, ""]
    lines += ["## What stands out", ""]
    remarks = list(_remarks(bundle))
    lines += [f"- {remark}" for remark in remarks] or ["Nothing that was looked for."]
    lines += ["", "## Hosts", "", "| host | k0s | role | ready | etcd | system |", "|---|---|---|---|---|---|"]
    lines += [_host_row(host) for host in bundle.hosts]
    lines += ["", "## What is where", ""]
    if bundle.missing:
        lines += [f"`cluster/` is missing: {bundle.missing}", ""]
    else:
        lines += _table("cluster", bundle.items)
    for host in bundle.hosts:
        if not host.missing:
            lines += _table(f"hosts/{host.name}", host.items, prefix=f"hosts/{host.name}/")
    left_out = f"{_LEFT_OUT} {_UNKNOWN_VALUES}" if bundle.missing else _LEFT_OUT
    return "\n".join([*lines, "## What is not in it", "", left_out, ""])


def _remarks(bundle: Bundle) -> Iterator[str]:
    if bundle.missing:
        yield f"**The API could not be asked**: {bundle.missing}"
    for host in bundle.hosts:
        yield from _about_host(host, bundle.now)
    objects = bundle.objects
    yield from _about_nodes(objects.get("nodes", ()))
    yield from _about_pods(objects.get("pods", ()))
    for chart in objects.get("charts.helm.k0sproject.io", ()):
        if (chart.get("status") or {}).get("error"):
            yield f"The Chart {_name(chart)} failed: {chart['status']['error']}"
    for name in sorted(objects):
        if name.endswith((".k0rdent.mirantis.com", ".mke.mirantis.com", ".operator.tigera.io", ".cluster.x-k8s.io")):
            for item in objects[name]:
                yield from _about_conditions(name, item)
    yield from _about_events(objects.get("events", ()))


def _about_host(host: HostPart, now: float) -> Iterator[str]:
    if host.missing:
        yield f"**{host.name}**: nothing was collected: {host.missing}"
        return
    node = host.state.get("node") or {}
    if not node.get("running"):
        yield f"**{host.name}**: k0s does not run" + (
            f" ({node['ready_message']})" if node.get("ready_message") else ""
        )
    elif node.get("ready") is False:
        yield f"**{host.name}**: k0s runs and is not ready: {node.get('ready_message') or 'it does not say why'}"
    etcd = node.get("etcd") or {}
    if etcd and not etcd.get("healthy"):
        yield f"**{host.name}**: etcd is not healthy: {etcd.get('error')}"
    for member in etcd.get("members") or ():
        if not member.get("answers"):
            yield f"**{host.name}**: the etcd member {member.get('name') or member.get('peer_url')} does not answer"
    ending = [item for item in node.get("certificates") or () if days_left(item, now) < MOST]
    if ending:
        yield f"**{host.name}**: {len(ending)} certificates end within {MOST} days, the first {ending[0]['not_after']}"
    for mount, disk in sorted(_mounts(host.state).items()):
        size, free = int(disk.get("size_bytes") or 0), int(disk.get("free_bytes") or 0)
        if size and free * 10 < size:
            yield f"**{host.name}**: {mount} is {100 - 100 * free // size} % full"


def _mounts(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The file systems by mount point; several folders may lie on one."""
    disks = (state.get("host") or {}).get("disks") or {}
    return {str(disk.get("mount")): disk for disk in disks.values()}


def _about_nodes(nodes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for node in nodes:
        conditions = {item.get("type"): item for item in (node.get("status") or {}).get("conditions") or ()}
        ready = conditions.get("Ready") or {}
        if ready.get("status") != "True":
            yield f"The Node {_name(node)} is not Ready: {ready.get('message') or ready.get('reason') or 'unknown'}"
        if (node.get("spec") or {}).get("unschedulable"):
            yield f"The Node {_name(node)} is cordoned"
        for kind, condition in conditions.items():
            if kind != "Ready" and condition.get("status") == "True":
                yield f"The Node {_name(node)} says {kind}: {condition.get('message')}"


def _about_pods(pods: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    troubled = [(pod, why) for pod, why in ((pod, _trouble(pod)) for pod in pods) if why]
    for pod, why in troubled[:MOST]:
        yield f"The Pod {_name(pod)}: {why}"
    if len(troubled) > MOST:
        yield f"{len(troubled) - MOST} more Pods are in trouble: `cluster/objects/pods.json`"


def _trouble(pod: Mapping[str, Any]) -> str:
    status = pod.get("status") or {}
    for container in [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]:
        waiting = (container.get("state") or {}).get("waiting") or {}
        if waiting.get("reason") and waiting["reason"] not in ("ContainerCreating", "PodInitializing"):
            return f"{container.get('name')} {waiting['reason']} {waiting.get('message') or ''}".strip()
        if int(container.get("restartCount") or 0) >= 5:
            return f"{container.get('name')} was restarted {container['restartCount']} times"
    phase = str(status.get("phase") or "")
    if phase in _DONE:
        return ""
    failed = [item for item in status.get("conditions") or () if item.get("status") == "False" and item.get("message")]
    why = status.get("message") or (failed[0]["message"] if failed else "")
    return f"{phase or 'no phase'} {why}".strip()


def _about_conditions(plural: str, item: Mapping[str, Any]) -> Iterator[str]:
    for condition in (item.get("status") or {}).get("conditions") or ():
        if isinstance(condition, Mapping) and condition.get("type") == "Ready" and condition.get("status") == "False":
            yield f"{plural} {_name(item)} is not Ready: {condition.get('message') or condition.get('reason')}"


def _about_events(events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    counted: Counter[tuple[str, str, str]] = Counter()
    for event in events:
        if event.get("type") == "Warning":
            of = event.get("involvedObject") or {}
            key = (str(event.get("reason")), str(of.get("kind")), str(event.get("message") or "")[:160])
            counted[key] += int(event.get("count") or 1)
    for (reason, kind, message), number in counted.most_common(15):
        yield f"{number} times {reason} ({kind}): {' '.join(message.split())}"


def _name(item: Mapping[str, Any]) -> str:
    metadata = item.get("metadata") or {}
    return "/".join(filter(None, (metadata.get("namespace"), metadata.get("name"))))


def _host_row(host: HostPart) -> str:
    if host.missing:
        return f"| {host.name} | - | - | - | - | {host.missing.splitlines()[0]} |"
    node, facts = host.state.get("node") or {}, host.state.get("host") or {}
    running, etcd = node.get("running") or {}, node.get("etcd") or {}
    ready = "-" if node.get("ready") is None else ("yes" if node["ready"] else "no")
    health = "-" if not etcd else ("healthy" if etcd.get("healthy") else "not healthy")
    system = " ".join(filter(None, ((facts.get("os") or {}).get("pretty_name"), facts.get("kernel"))))
    cells = (host.name, running.get("version") or "-", running.get("role") or "-", ready, health, system)
    return f"| {' | '.join(cells)} |"


def _table(title: str, items: Sequence[Item], prefix: str = "") -> list[str]:
    """A row for each file, and one line about all there is nothing of and nothing to say about."""
    rows = [
        f"| {_cell(item, prefix)} | {len(item.text) or '-'} | {_note(item)} |" for item in items if _says_much(item)
    ]
    empty = [item.name.rpartition("/")[2] for item in items if not _says_much(item)]
    lines = [f"### {title}", "", "| file | characters | note |", "|---|---|---|", *rows, ""]
    return lines + ([f"There is nothing of: {', '.join(empty)}.", ""] if empty else [])


def _says_much(item: Item) -> bool:
    return bool(item.text) or item.note not in ("", NONE)


def _cell(item: Item, prefix: str) -> str:
    return f"[{item.name}]({prefix}{item.name})" if item.text else item.name


def _note(item: Item) -> str:
    return " ".join(item.note.replace("|", "/").split())
