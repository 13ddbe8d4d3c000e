# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kcm's and mke-operator's part for what children share: Credentials, ClusterTemplates, MultiClusterServices.

Faults: `k0rdent.credential.NAME` and `k0rdent.template.NAME`.
"""

from __future__ import annotations

from typing import List, Mapping, Sequence, Tuple

from tests.lab.standin import objects
from tests.lab.standin.api import Api, Object, Watched
from tests.lab.standin.faults import WATCHED as FAULTS, parse_faults
from tests.lab.standin.kinds import MANAGEMENT, MKE_CONFIG
from tests.lab.standin.progress import Progress
from tests.lab.standin.runtime import Controller

from . import admission, kinds
from .cache import Cache
from .commands import Manner
from .wish import K0S_VERSION, STOCK_TEMPLATE, mke_template

PROVIDERS = ("infrastructure-aws", "control-plane-k0sproject-k0smotron", "bootstrap-k0sproject-k0smotron")
IDENTITY_MISSING = (
    "failed to get ClusterIdentity object of {kind}=/{name}: {plural}.infrastructure.cluster.x-k8s.io"
    ' "{name}" not found'
)


class Upkeep(Controller):
    """One for a cluster."""

    name = "children's needs"
    watches: Sequence[Watched] = ()
    # They are watched.
    reads_faults = False

    def __init__(self, api: Api, manner: Manner) -> None:
        super().__init__(api, Progress(0))
        watched = [kinds.CREDENTIAL, kinds.CLUSTER_TEMPLATE, MANAGEMENT, MKE_CONFIG, *kinds.IDENTITIES.values()]
        if not manner.light:
            watched += [kinds.MULTI_CLUSTER_SERVICE, kinds.CLUSTER_DEPLOYMENT]
        self.watches = (*(Watched(kind) for kind in watched), FAULTS)
        self._cache = Cache()
        self._admitting = ""

    def hear(self, watched: Watched, event: str, item: Object) -> None:
        self._cache.hear(watched, event, item)

    def hear_all(self, watched: Watched, items: Sequence[Object]) -> None:
        self._cache.hear_all(watched, items)

    def reconcile(self, key: str) -> None:
        self.faults = parse_faults(self._cache.faults())
        for credential in self._cache.list(kinds.CREDENTIAL):
            self._credential(credential)
        management = self._cache.get(MANAGEMENT, "kcm")
        configs = self._cache.list(MKE_CONFIG)
        if management is not None and objects.status_of(management).get("components"):
            self._templates(management, configs)
            self._admit(configs)
        for service in self._cache.list(kinds.MULTI_CLUSTER_SERVICE):
            self._service(service)

    def _admit(self, configs: Sequence[Object]) -> None:
        version = next((str(one["spec"].get("version") or "") for one in configs), "")
        if version and version != self._admitting:
            admission.install(self.api, version)
            self._admitting = version

    def _credential(self, credential: Object) -> None:
        metadata = credential["metadata"]
        reference = credential["spec"].get("identityRef") or {}
        kind = kinds.IDENTITIES.get(str(reference.get("kind")))
        name = str(reference.get("name"))
        fault = self.faults.of(f"k0rdent.credential.{metadata['name']}")
        words = fault.error
        if not words and kind is not None and self._cache.get(kind, name) is None:
            words = IDENTITY_MISSING.format(kind=kind.kind, name=name, plural=kind.plural)
        ready = not words
        told = objects.condition(
            "CredentialReady", ready, "Succeeded" if ready else "Failed", words or "Credential is ready",
            objects.generation(credential),
        )  # fmt: skip
        status = {"ready": ready, "conditions": objects.conditions(credential, [told])}
        self.api.set_status(kinds.CREDENTIAL, credential, status)

    def _templates(self, management: Object, configs: List[Object]) -> None:
        namespace = _system_namespace(management)
        names = [STOCK_TEMPLATE, *(mke_template(str(one["spec"].get("version") or "")) for one in configs)]
        for name in names:
            if self._cache.get(kinds.CLUSTER_TEMPLATE, name, namespace) is None:
                self.api.create(kinds.CLUSTER_TEMPLATE, _template(name, namespace))
        available = set(objects.status_of(management).get("availableProviders") or ())
        for template in self._cache.list(kinds.CLUSTER_TEMPLATE):
            self._template(template, [name for name in PROVIDERS if name not in available])

    def _template(self, template: Object, lacking: List[str]) -> None:
        name = template["metadata"]["name"]
        fault = self.faults.of(f"k0rdent.template.{name}")
        words = fault.error
        if not words and lacking and "aws" in name:
            words = f"one or more required providers are not deployed yet: [{' '.join(lacking)}]"
        chart = {"kind": "HelmChart", "name": name, "namespace": template["metadata"]["namespace"]}
        status: Object = {
            "valid": not words,
            "validationError": words,
            "chartRef": chart,
            "k8sVersion": K0S_VERSION.partition("+")[0],
            "providers": list(PROVIDERS),
            "observedGeneration": objects.generation(template),
        }
        self.api.set_status(kinds.CLUSTER_TEMPLATE, template, status)

    def _service(self, service: Object) -> None:
        """How many of the chosen clusters have their services."""
        wanted = ((service.get("spec") or {}).get("clusterSelector") or {}).get("matchLabels") or {}
        chosen = [one for one in self._cache.list(kinds.CLUSTER_DEPLOYMENT) if _has(one, wanted)]
        ready = [one for one in chosen if objects.is_true(one, "Ready") or _services_ready(one)]
        text, fine = f"{len(ready)}/{len(chosen)}", len(ready) == len(chosen)
        reason = "Succeeded" if fine else "Failed"
        told = [
            objects.condition(kind, fine, reason, text, objects.generation(service))
            for kind in ("ServicesInReadyState", "ClusterInReadyState", "Ready")
        ]
        status = {"conditions": objects.conditions(service, told), "observedGeneration": objects.generation(service)}
        self.api.set_status(kinds.MULTI_CLUSTER_SERVICE, service, status)


def _services_ready(made: Object) -> bool:
    told = objects.status_of(made).get("conditions") or ()
    return any(one["type"] == "ServicesInReadyState" and one["status"] == "True" for one in told)


def _has(item: Object, wanted: Mapping[str, str]) -> bool:
    labels = item["metadata"].get("labels") or {}
    return bool(wanted) and all(labels.get(key) == value for key, value in wanted.items())


def _system_namespace(management: Object) -> str:
    """Where k0rdent runs: its Management is in no namespace, its own components are in one."""
    marks = management["metadata"].get("annotations") or {}
    return str(marks.get("standin.mke4k/namespace") or "k0rdent")


def _template(name: str, namespace: str) -> Object:
    chart, version = _split(name)
    spec = {
        "helm": {
            "chartSpec": {
                "chart": chart,
                "version": version,
                "interval": "10m0s",
                "sourceRef": {"kind": "HelmRepository", "name": "kcm-templates"},
            }
        },
        "providers": list(PROVIDERS),
    }
    made = kinds.CLUSTER_TEMPLATE.made(name, namespace, spec=spec)
    made["metadata"]["labels"] = {"k0rdent.mirantis.com/component": "kcm"}
    return made


def _split(name: str) -> Tuple[str, str]:
    words = name.split("-")
    return "-".join(words[:-3]), ".".join(words[-3:])
