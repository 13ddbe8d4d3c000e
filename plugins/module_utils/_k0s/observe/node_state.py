# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts together what one k0s host is.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, replace
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    BINARY_PATH,
    CONFIG_PATH,
    DATA_DIR,
    RECEIPT_PATH,
    STATUS_SOCKET,
    NodeSpec,
    NodeState,
    RunningState,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe import service as services
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.binary import read_binary
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.certificates import ca_sha256, read_certificates
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import Etcd, is_embedded
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.files import read_config, read_files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.kube_api import KubeApi, as_admin, as_kubelet
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.kubeconfig import read_kubeconfig
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.process import runs_file, start_id
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.receipt import (
    files_changed_since,
    is_outdated,
    read_images,
    read_receipt,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.redact import mask_environment, redact_data
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.status import read_status, running_state

_OVERRIDE = re.compile(r"--hostname-override[= ]([^\s\"']+)")
_SOCKET_FLAG = "--status-socket="


@dataclass(frozen=True)
class Places:
    """Where things are on the host that is looked at. `quiet` are files whose change needs no restart."""

    data_dir: str = DATA_DIR
    binary: str = BINARY_PATH
    files: Tuple[str, ...] = ()
    quiet: Tuple[str, ...] = ()
    receipt: str = RECEIPT_PATH
    config: str = CONFIG_PATH
    status_socket: str = STATUS_SOCKET


def state_for(spec: NodeSpec) -> NodeState:
    """What this host is, with the files that `spec` knows of."""
    paths = tuple(item.path for part in (spec.files, spec.shared_files, spec.directories) for item in part)
    quiet = tuple(item.path for item in spec.files if not item.restart)
    return read_node_state(Places(spec.data_dir, spec.binary.path, paths, quiet))


def progress_for(spec: NodeSpec, with_api: bool = True, root: Root = HOST) -> NodeState:
    """The part of the state that changes while k0s starts, cheap enough to be asked for several times a second.

    Without the API nothing is asked of it: while etcd has no quorum every such question would only run into its
    time limit. etcd is asked as soon as k0s has made its certificates, before k0s tells anything about itself.
    """
    places = Places(spec.data_dir, spec.binary.path)
    flags = dict(argument.partition("=")[::2] for argument in spec.arguments)
    running, silent = _status_of(flags.get("--status-socket") or places.status_socket, root)
    state = NodeState(hostname=socket.gethostname().lower(), running=running, ready_message=silent)
    if running is not None and with_api:
        name = name_among(tuple(running.arguments) + spec.arguments, state.hostname)
        return _with_cluster(state, running, places, root, name)
    embedded = spec.role != "single" if running is None else is_embedded(running.cluster_config, running.single_node)
    if spec.is_controller and embedded and root.exists(f"{places.data_dir}/pki/etcd/peer.crt"):
        state = replace(state, etcd=Etcd(root.at(places.data_dir)).read(state.hostname))
    return state


def read_node_state(
    places: Places, root: Root = HOST, units: Optional[Mapping[str, Mapping[str, str]]] = None
) -> NodeState:
    """Everything that is known of k0s on this host. `units` are what systemd told already, if it was asked."""
    found = services.systemd_service(units, root) if units is not None else services.read_service(root)
    running, silent = _running(found, places, root)
    receipt = read_receipt(places.receipt, root)
    state = NodeState(
        hostname=socket.gethostname().lower(),
        binary=read_binary(places.binary, receipt, running, root),
        service=found.state if found else None,
        running=running,
        config=read_config(places.config, root),
        files=read_files(places.files, root),
        images=read_images(receipt, root),
        joined=has_joined(places.data_dir, found, running, root),
        ready_message=silent,
        api_server=read_kubeconfig(f"{places.data_dir}/kubelet.conf", root).server,
        certificates=read_certificates(places.data_dir, root),
        ca_sha256=ca_sha256(places.data_dir, root),
    )
    if running is None:
        return state
    state = replace(state, restart_pending=_is_outdated(state, running, receipt, places, found, root))
    return _with_cluster(state, running, places, root, node_name(state))


def _running(found: Optional[services.Found], places: Places, root: Root) -> Tuple[Optional[RunningState], str]:
    """The running k0s, and why it tells nothing about itself although it is there."""
    flags = found.state.arguments if found else ()
    path = next((flag[len(_SOCKET_FLAG) :] for flag in flags if flag.startswith(_SOCKET_FLAG)), places.status_socket)
    return _status_of(path, root)


def _status_of(path: str, root: Root) -> Tuple[Optional[RunningState], str]:
    try:
        status = read_status(root.at(path))
    except NoAnswer as error:
        return None, str(error)
    return (running_state(status), "") if status is not None else (None, "")


def has_joined(data_dir: str, found: Optional[services.Found], running: Optional[RunningState], root: Root) -> bool:
    """Whether the host is a member of a cluster: k0s then needs no token any more."""
    marks = (f"{data_dir}/etcd/member/snap/db", f"{data_dir}/db/state.db", f"{data_dir}/kubelet.conf")
    if any(root.exists(mark) for mark in marks):
        return True
    # A controller whose data is in a database elsewhere has neither; it serves, so it belongs.
    return found is not None and running is not None and running.role == "controller"


def _is_outdated(
    state: NodeState,
    running: RunningState,
    receipt: Mapping[str, Any],
    places: Places,
    found: Optional[services.Found],
    root: Root,
) -> bool:
    told = is_outdated(receipt, start_id(running.pid, root), state, root)
    if told is not None:
        return told
    if root.exists(f"/proc/{running.pid}/exe") and not runs_file(running.pid, places.binary, root):
        return True
    paths = [path for path in places.files if path not in places.quiet]
    if running.role == "controller":
        paths.append(places.config)
    return files_changed_since(running.started_at, [*paths, *(found.files if found else ())], root)


def _with_cluster(state: NodeState, running: RunningState, places: Places, root: Root, name: str) -> NodeState:
    """Adds what only the cluster knows: etcd, the API server's readiness and that of the Node `name`."""
    controls = running.role == "controller"
    data_dir = root.at(places.data_dir)
    messages = []
    etcd: Optional[Dict[str, Any]] = None
    if controls and is_embedded(running.cluster_config, running.single_node):
        etcd = Etcd(data_dir).read(state.hostname)
    ready: Optional[bool] = None
    api: Optional[KubeApi] = as_admin(data_dir, running.cluster_config) if controls else as_kubelet(data_dir, root)
    if controls and api is not None:
        ready, message = api.readyz()
        messages += [message] if message else []
    node: Optional[Dict[str, Any]] = None
    if running.workloads:
        node, message = _node(api, name, running)
        messages += [message] if message else []
        ready = bool(node and node["ready"]) and ready is not False
    return replace(state, etcd=etcd, node=node, ready=ready, ready_message="; ".join(messages))


def _node(api: Optional[KubeApi], name: str, running: RunningState) -> Tuple[Optional[Dict[str, Any]], str]:
    if api is None:
        return None, running.connection_message or "the kubelet has no certificate of the cluster yet"
    try:
        node = api.node(name)
    except NoAnswer as error:
        return None, str(error)
    if node is None:
        return None, f"the Node {name} does not exist yet"
    if node["ready"]:
        return node, ""
    return (
        node,
        f"the Node {name} is not Ready: {': '.join(part for part in (node['reason'], node['message']) if part)}",
    )


def node_name(state: NodeState) -> str:
    """The name under which the host registers."""
    arguments = tuple(state.service.arguments) if state.service else ()
    return name_among(arguments + (tuple(state.running.arguments) if state.running else ()), state.hostname)


def name_among(arguments: Sequence[str], hostname: str) -> str:
    """The host name in lower case, unless the kubelet is given another by these arguments."""
    for argument in arguments:
        match = _OVERRIDE.search(argument) if argument.startswith("--kubelet-extra-args=") else None
        if match:
            return match.group(1).lower()
    return hostname


def public(state: NodeState) -> Dict[str, Any]:
    """The state as a module returns it: without secret values of variables and of the configuration in use."""
    plain = state.to_dict()
    if plain["running"]:
        plain["running"]["cluster_config"] = redact_data(plain["running"]["cluster_config"])
    if plain["service"]:
        plain["service"]["environment"] = mask_environment(plain["service"]["environment"])
    return plain
