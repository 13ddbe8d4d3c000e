# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""mke-operator: from the MkeConfig to the services of MKE.

It fills in what the MkeConfig leaves out (as a field manager of its own), installs services one after the other, and
lists them in the status. Faults: `mke.SERVICE`, and `mke.config` for what is wrong with the MkeConfig as a whole.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, Mapping

from . import helm, objects
from .api import Object, Watched
from .kinds import CRD, DEPLOYMENT, MKE_CONFIG, SECRET
from .mke_services import AUTHENTICATION, DEFAULTS, NAMESPACE, PASSWORD_CRD, Service, services
from .progress import State
from .runtime import Controller
from .workloads import awaited, ensure_namespace, pod_template, running, workload

MANAGER = "mke-operator"
OPERATOR = "mke-operator-controller-manager"


class MkeOperator(Controller):
    """The operator; its keys are `namespace/name` of MkeConfigs."""

    name = "mke"
    watches = (Watched(MKE_CONFIG), Watched(DEPLOYMENT, NAMESPACE))

    def keys(self, watched: Watched, item: Object) -> Iterable[str]:
        if watched.kind is MKE_CONFIG:
            return (f"{item['metadata']['namespace']}/{item['metadata']['name']}",)
        return ("",)

    def reconcile(self, key: str) -> None:
        operator = running(self.api, [OPERATOR])
        if operator is None:
            return
        for config in self.api.list(MKE_CONFIG):
            place = f"{config['metadata']['namespace']}/{config['metadata']['name']}"
            if key in {"", place} and not config["metadata"].get("deletionTimestamp"):
                self._reconcile(config, objects.image_of(operator))

    def _reconcile(self, config: Object, image: str) -> None:
        fault = self.faults.of("mke.config")
        if fault.never:
            return
        if fault.error:
            self._report(config, [], "InvalidConfig", fault.error)
            return
        spec = objects.merged(DEFAULTS, config["spec"])
        if spec != config["spec"]:
            config = self.api.patch(MKE_CONFIG, config, {"spec": spec}, manager=MANAGER)
        states: Dict[str, State] = {}
        wanted = [item for item in services(config["spec"]) if not self.faults.of(f"mke.{item.name}").missing]
        for service in wanted:
            states[service.name] = self._service(config, service, states, image)
        self._report(config, _listed(wanted, states), "", "")

    def _service(self, config: Object, service: Service, before: Mapping[str, State], image: str) -> State:
        waiting = [name for name in service.depends_on if name in before and not before[name].ready]
        if waiting:
            return State(ready=False, message=f"waiting for {', '.join(waiting)}")
        known = {item["name"]: item for item in objects.status_of(config).get("services") or ()}
        entry = known.get(service.name) or {}
        fault = self.faults.of(f"mke.{service.name}")
        stage = f"{objects.uid(config)}/{service.name}/{service.version}"
        was_ready = bool(entry.get("ready")) and entry.get("version") == service.version
        state = self.progress.state(stage, fault, was_ready=was_ready)
        lacking = self._release(service, state, image)
        if state.ready and service.name == AUTHENTICATION:
            self.api.apply(CRD, PASSWORD_CRD, MANAGER)
        if lacking and not state.message:
            return State(ready=False, message=lacking)
        return state

    def _release(self, service: Service, state: State, image: str) -> str:
        """The Helm release of a service; returns what its Deployment still lacks."""
        ensure_namespace(self.api, service.namespace)
        status, text = helm.PENDING, "Initial install underway"
        if state.ready:
            status, text = helm.DEPLOYED, "Install complete"
        elif state.message:
            status, text = helm.FAILED, state.message
        secret = helm.record(service.name, service.namespace, service.name, service.version, status, text)
        self.api.apply(SECRET, secret, MANAGER)
        made = workload(DEPLOYMENT, service.name, service.namespace, pod_template(service.name, image))
        found = self.api.apply(DEPLOYMENT, helm.owned(made, service.name, service.namespace), MANAGER)
        return awaited(found)

    def _report(self, config: Object, listed: List[Object], reason: str, message: str) -> None:
        waiting = [item["name"] for item in listed if not item["ready"]]
        ready = not reason and not waiting
        if waiting:
            reason, message = "ServicesNotReady", f"services are not ready: {', '.join(waiting)}"
        generation = objects.generation(config)
        found = objects.condition("Ready", ready, reason or "Ready", message, generation)
        status = {"conditions": objects.conditions(config, [found]), "observedGeneration": generation}
        self.api.set_status(MKE_CONFIG, config, {**status, "services": listed})


def _listed(wanted: List[Service], states: Mapping[str, State]) -> List[Object]:
    return [
        {
            "name": service.name,
            "version": service.version,
            "ready": states[service.name].ready,
            "message": states[service.name].message,
        }
        for service in wanted
    ]
