# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A management cluster without hosts: the API bed with the stand-in operators on it, wiped after each test."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import yaml

from tests.api.bed import Bed
from tests.lab.standin import kinds
from tests.lab.standin.api import Api, ApiError, Kind, Object
from tests.lab.standin.faults import NAME as FAULTS, NAMESPACE as FAULTS_NAMESPACE
from tests.lab.standin.kcm import admission
from tests.lab.standin.local import Standin

GROUPS = (
    "operator.tigera.io",
    "crd.projectcalico.org",
    "helm.k0sproject.io",
    "k0rdent.mirantis.com",
    "helm.toolkit.fluxcd.io",
    "mke.mirantis.com",
)
WIPED = (
    kinds.CHART,
    kinds.MKE_CONFIG,
    kinds.CLUSTER_DEPLOYMENT,
    kinds.MANAGEMENT,
    kinds.ACCESS_MANAGEMENT,
    kinds.RELEASE,
    kinds.PROVIDER_TEMPLATE,
    kinds.HELM_RELEASE,
    kinds.INSTALLATION,
    kinds.API_SERVER,
    kinds.TIGERA_STATUS,
    kinds.IP_POOL,
    kinds.FELIX,
    kinds.DEPLOYMENT,
    kinds.DAEMON_SET,
    kinds.SECRET,
    kinds.NODE,
)
PASSWORDS = "passwords.dex.coreos.com"
SECONDS = 120.0


class Mothership:
    """The cluster as a test sees it."""

    def __init__(self, bed: Bed, standin: Standin) -> None:
        self.bed = bed
        self.api: Api = standin.api
        self.standin = standin

    def fault(self, **faults: Any) -> None:
        """Commands faults by component; `__` in a name stands for the dot, `_` for the dash."""
        data = {
            name.replace("__", ".").replace("_", "-"): yaml.safe_dump(value) if isinstance(value, dict) else value
            for name, value in faults.items()
        }
        made = kinds.CONFIG_MAP.made(FAULTS, FAULTS_NAMESPACE, data=data)
        self.api.apply(kinds.CONFIG_MAP, made, "test")

    def chart(self, name: str, chart: str, version: str, namespace: str, values: Object | None = None) -> None:
        """A chart as k0s would install it."""
        spec = {
            "chartName": f"oci://registry.test/{chart}",
            "releaseName": name,
            "version": version,
            "namespace": namespace,
            "values": yaml.safe_dump(values or {}),
        }
        made = kinds.CHART.made(name, "kube-system", spec=spec)
        made["metadata"]["finalizers"] = ["helm.k0sproject.io/uninstall-helm-release"]
        self.api.apply(kinds.CHART, made, "test")

    def until(self, met: Callable[[Object], bool], kind: Kind, name: str, namespace: str = "") -> Object:
        """The object once it is as it should be."""
        end = time.monotonic() + SECONDS
        while True:
            item = self.api.get(kind, name, namespace)
            if item is not None and met(item):
                return item
            assert time.monotonic() < end, f"{kind.kind} {name} is still {(item or {}).get('status')}"
            time.sleep(0.05)

    def until_gone(self, kind: Kind, name: str, namespace: str = "") -> None:
        end = time.monotonic() + SECONDS
        while self.api.get(kind, name, namespace) is not None:
            assert time.monotonic() < end, f"{kind.kind} {name} is still there"
            time.sleep(0.05)


def wipe(api: Api) -> None:
    """Leaves nothing that another test could trip over."""
    admission.remove(api)
    api.delete(kinds.CONFIG_MAP, FAULTS, FAULTS_NAMESPACE)
    api.delete(kinds.CRD, PASSWORDS)
    for kind in WIPED:
        for item in api.list(kind):
            metadata = item["metadata"]
            if metadata.get("finalizers"):
                _patched(api, kind, item)
            api.delete(kind, metadata["name"], metadata.get("namespace", ""))


def _patched(api: Api, kind: Kind, item: Object) -> None:
    try:
        api.patch(kind, item, {"metadata": {"finalizers": None}})
    except ApiError as error:
        if error.status != 404:
            raise
