# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tigera-operator: from the Installation to a network that is available.

It fills in what the Installation leaves out, makes the IPPools and the FelixConfiguration, runs calico-system, gives
each host its CNI configuration and says in TigeraStatus how far it is. Faults: `calico.calico`, `calico.apiserver`,
`calico.ippools`.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Sequence

from . import objects
from .api import Api, Object, Watched
from .hosts import Host, host_of
from .kinds import API_SERVER, DAEMON_SET, DEPLOYMENT, FELIX, INSTALLATION, IP_POOL, NODE, TIGERA_STATUS
from .progress import Progress, State
from .runtime import Controller
from .workloads import awaited, ensure_namespace, pod_template, running, workload

MANAGER = "operator"
OPERATOR = "tigera-operator"
SYSTEM = "calico-system"
API_NAMESPACE = "calico-apiserver"
POOL_NAME = "default-ipv4-ippool"
VERSION = "v3.30.2"

DEFAULTS: Object = {
    "variant": "Calico",
    "nonPrivileged": "Disabled",
    "controlPlaneReplicas": 2,
    "flexVolumePath": "None",
    "kubeletVolumePluginPath": "/var/lib/kubelet",
    "nodeUpdateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
    "cni": {"type": "Calico", "ipam": {"type": "Calico"}},
    "calicoNetwork": {
        "bgp": "Disabled",
        "containerIPForwarding": "Disabled",
        "hostPorts": "Enabled",
        "linuxDataplane": "Iptables",
        "linuxPolicySetupTimeoutSeconds": 0,
        "multiInterfaceMode": "None",
        "nodeAddressAutodetectionV4": {"firstFound": True},
        "windowsDataplane": "Disabled",
    },
}
POOL_DEFAULTS: Object = {
    "name": POOL_NAME,
    "allowedUses": ["Workload", "Tunnel"],
    "blockSize": 26,
    "disableBGPExport": False,
    "encapsulation": "IPIP",
    "natOutgoing": "Enabled",
    "nodeSelector": "all()",
}
FELIX_DEFAULTS: Object = {"healthPort": 9099, "vxlanVNI": 4096, "bpfLogLevel": ""}


class Calico(Controller):
    """The operator of one cluster."""

    name = "calico"
    watches = (
        Watched(INSTALLATION),
        Watched(API_SERVER),
        Watched(FELIX),
        Watched(NODE),
        Watched(DEPLOYMENT, OPERATOR),
        Watched(DEPLOYMENT, SYSTEM),
        Watched(DAEMON_SET, SYSTEM),
        Watched(DEPLOYMENT, API_NAMESPACE),
    )

    def __init__(self, api: Api, progress: Progress, hosts: Callable[[], Sequence[Host]]) -> None:
        super().__init__(api, progress)
        self._hosts = hosts

    def reconcile(self, key: str) -> None:
        installation = self.api.get(INSTALLATION, "default")
        operator = running(self.api, [OPERATOR])
        if installation is None:
            for part in ("apiserver", "ippools", "calico"):
                self.api.delete(TIGERA_STATUS, part)
            return
        if operator is None:
            return
        installation = self._with_defaults(installation)
        pools = installation["spec"]["calicoNetwork"].get("ipPools") or []
        self._felix()
        self._pools(pools)
        image = objects.image_of(operator)
        lacking = self._calico_system(image)
        if not self.faults.of("calico.calico").error and not self.faults.of("calico.calico").never:
            self._cni()
        states = {"calico": self._state(installation, "calico", lacking)}
        states["ippools"] = self._state(installation, "ippools", "")
        if self.api.get(API_SERVER, "default") is not None:
            states["apiserver"] = self._state(installation, "apiserver", self._api_server(image))
        self._report(installation, states)

    def _with_defaults(self, installation: Object) -> Object:
        spec = defaulted(installation["spec"])
        if spec == installation["spec"]:
            return installation
        return self.api.patch(INSTALLATION, installation, {"spec": spec}, manager=MANAGER)

    def _felix(self) -> None:
        felix = self.api.get(FELIX, "default")
        if felix is None:
            self.api.create(FELIX, FELIX.made("default", spec=FELIX_DEFAULTS))
            return
        lacking = {name: value for name, value in FELIX_DEFAULTS.items() if name not in felix["spec"]}
        if lacking:
            self.api.patch(FELIX, felix, {"spec": lacking}, manager=MANAGER)

    def _pools(self, pools: Sequence[Mapping[str, Any]]) -> None:
        for pool in pools:
            spec, known = pool_spec(pool), self.api.get(IP_POOL, pool["name"])
            if known is None:
                made = IP_POOL.made(pool["name"], spec=spec)
                made["metadata"]["labels"] = {"app.kubernetes.io/managed-by": OPERATOR}
                self.api.create(IP_POOL, made)
            elif known["spec"] != spec:
                self.api.patch(IP_POOL, known, {"spec": spec}, manager=MANAGER)

    def _calico_system(self, image: str) -> str:
        """Runs Calico; returns what its workloads still lack."""
        ensure_namespace(self.api, SYSTEM)
        parts = [
            workload(DAEMON_SET, "calico-node", SYSTEM, pod_template("calico-node", image, host_network=True)),
            workload(DEPLOYMENT, "calico-typha", SYSTEM, pod_template("calico-typha", image, host_network=True)),
            workload(DEPLOYMENT, "calico-kube-controllers", SYSTEM, pod_template("calico-kube-controllers", image)),
        ]
        return self._run(parts)

    def _api_server(self, image: str) -> str:
        ensure_namespace(self.api, API_NAMESPACE)
        return self._run(
            [workload(DEPLOYMENT, "calico-apiserver", API_NAMESPACE, pod_template("calico-apiserver", image))]
        )

    def _run(self, parts: Sequence[Object]) -> str:
        lacking: List[str] = []
        for part in parts:
            kind = DAEMON_SET if part["kind"] == "DaemonSet" else DEPLOYMENT
            lacking.append(awaited(self.api.apply(kind, part, MANAGER)))
        return next(filter(None, lacking), "")

    def _cni(self) -> None:
        hosts = self._hosts()
        for node in self.api.list(NODE):
            host = host_of(node, hosts)
            if host is not None:
                host.write_cni(str(node["spec"].get("podCIDR") or "10.244.255.0/24"))

    def _state(self, installation: Object, part: str, lacking: str) -> State:
        status = self.api.get(TIGERA_STATUS, part)
        current = {**(status or {}), "metadata": {"generation": objects.generation(installation)}}
        ready = objects.is_true(current, "Available")
        stage = f"{objects.uid(installation)}/{objects.generation(installation)}/{part}"
        state = self.progress.state(stage, self.faults.of(f"calico.{part}"), was_ready=ready)
        return state if state.message or not lacking else State(ready=False, message=lacking)

    def _report(self, installation: Object, states: Mapping[str, State]) -> None:
        generation = objects.generation(installation)
        for part, state in states.items():
            if self.api.get(TIGERA_STATUS, part) is None:
                self.api.create(TIGERA_STATUS, TIGERA_STATUS.made(part, spec={}))
            status = self.api.get(TIGERA_STATUS, part)
            if status is not None:
                wanted = tigera_conditions(state, generation, degraded=bool(self.faults.of(f"calico.{part}").error))
                self.api.set_status(TIGERA_STATUS, status, {"conditions": objects.conditions(status, wanted)})
        everything = State(all(state.ready for state in states.values()))
        wanted = [*tigera_conditions(everything, generation, degraded=False)]
        wanted[0]["type"] = "Ready"
        seen = {"variant": "Calico", "calicoVersion": VERSION, "mtu": 1450, "computed": installation["spec"]}
        self.api.set_status(
            INSTALLATION, installation, {**seen, "conditions": objects.conditions(installation, wanted)}
        )


def defaulted(spec: Mapping[str, Any]) -> Object:
    """The Installation as the operator completes it."""
    full: Object = objects.merged(DEFAULTS, dict(spec))
    network = full["calicoNetwork"]
    pools = network.get("ipPools")
    if pools is None:
        pools = [{"cidr": "192.168.0.0/16"}]
    network["ipPools"] = [objects.merged(POOL_DEFAULTS, dict(pool)) for pool in pools]
    return full


def pool_spec(pool: Mapping[str, Any]) -> Dict[str, Any]:
    """The IPPool that an entry of the Installation stands for."""
    encapsulation = str(pool["encapsulation"])
    modes = {"ipipMode": "Never", "vxlanMode": "Never"}
    if encapsulation.startswith("VXLAN"):
        modes["vxlanMode"] = "CrossSubnet" if encapsulation.endswith("CrossSubnet") else "Always"
    elif encapsulation.startswith("IPIP"):
        modes["ipipMode"] = "CrossSubnet" if encapsulation.endswith("CrossSubnet") else "Always"
    return {
        "allowedUses": pool["allowedUses"],
        "assignmentMode": pool.get("assignmentMode", "Automatic"),
        "blockSize": pool["blockSize"],
        "cidr": pool["cidr"],
        **modes,
        "natOutgoing": pool["natOutgoing"] == "Enabled",
        "nodeSelector": pool["nodeSelector"],
    }


def tigera_conditions(state: State, generation: int, *, degraded: bool) -> List[Object]:
    ready, message = state.ready, state.message
    available = "All objects available" if ready else ""
    reason = "AllObjectsAvailable" if ready else "Unknown"
    failing = not ready and degraded
    progressing = not ready and not degraded
    waiting = message or "Waiting for resources to be ready"
    return [
        objects.condition("Available", ready, reason, available, generation),
        objects.condition(
            "Progressing",
            progressing,
            "ResourceNotReady" if progressing else reason,
            waiting if progressing else available,
            generation,
        ),
        objects.condition(
            "Degraded", failing, "PodFailure" if failing else reason, message if failing else available, generation
        ),
    ]
