# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CRDs and webhooks of both projects, out of their modules, as their managers on loopback need them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.api.client import AdminClient, Object
from tests.api.pki import LOOPBACK
from tests.capi.programs import Pair, Source

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ADMISSION = "/apis/admissionregistration.k8s.io/v1"
# Of what is not switched on, and of what nobody makes here, there is no webhook in the managers.
NOT_SERVED = (
    *("runtime-cluster", "controlplane-cluster", "bootstrap-cluster", "managed", "machinepool", "fargate", "rosa"),
    "ekscon",
)


@dataclass(frozen=True)
class Ports:
    """Where the managers listen: for admission and conversion, for health, and for metrics."""

    capi: int
    capi_health: int
    capi_metrics: int
    capa: int
    capa_health: int
    capa_metrics: int


@dataclass(frozen=True)
class Definitions:
    """What the API server has to know of a pair."""

    pair: Pair
    ports: Ports
    ca: Path

    def crds(self) -> list[Object]:
        """The CRDs, with the labels by which Cluster API finds the versions of its contract."""
        contract = {"cluster.x-k8s.io/v1beta1": "v1beta1"}
        if self.pair.has_two_versions:
            contract["cluster.x-k8s.io/v1beta2"] = "v1beta2"
        own = [self._converted(crd) for crd in _crds_of(self.pair.capi)]
        provider = list(_crds_of(self.pair.capa))
        return [
            *[_labelled(crd, contract) for crd in own],
            *[_labelled(crd, {"cluster.x-k8s.io/v1beta1": "v1beta1_v1beta2"}) for crd in provider],
        ]

    def webhooks(self) -> list[Object]:
        """Their admission, by URL: there is no Service here."""
        return [
            *self._webhooks_of("capi", self.pair.capi, self.ports.capi),
            *self._webhooks_of("capa", self.pair.capa, self.ports.capa),
        ]

    def _client(self, port: int, path: str) -> Object:
        authority = base64.b64encode(self.ca.read_bytes()).decode()
        return {"url": f"https://{LOOPBACK}:{port}{path}", "caBundle": authority}

    def _converted(self, crd: Object) -> Object:
        served = [version for version in crd["spec"]["versions"] if version["served"]]
        if self.pair.has_two_versions and len(served) > 1:
            client = self._client(self.ports.capi, "/convert")
            webhook = {"clientConfig": client, "conversionReviewVersions": ["v1", "v1beta1"]}
            crd["spec"]["conversion"] = {"strategy": "Webhook", "webhook": webhook}
        return crd

    def _webhooks_of(self, name: str, source: Source, port: int) -> Iterator[Object]:
        for given in _read([source.files() / "config" / "webhook" / "manifests.yaml"]):
            kept = []
            for webhook in given["webhooks"]:
                path = webhook["clientConfig"].pop("service")["path"]
                if not any(word in path for word in NOT_SERVED):
                    webhook["clientConfig"] = self._client(port, path)
                    kept.append(webhook)
            given["metadata"]["name"] = f"{name}-{given['metadata']['name']}"
            yield {**given, "webhooks": kept}


def register(client: AdminClient, configurations: Iterable[Object]) -> int:
    """Let the API server ask the managers; how many webhooks that are."""
    count = 0
    for configuration in configurations:
        plural = f"{configuration['kind'].lower()}s"
        client.call("POST", f"{ADMISSION}/{plural}", configuration)
        count += len(configuration["webhooks"])
    return count


def _crds_of(source: Source) -> Iterator[Object]:
    return _read(sorted((source.files() / "config" / "crd" / "bases").glob("*.yaml")))


def _labelled(crd: Object, labels: dict[str, str]) -> Object:
    crd["metadata"].setdefault("labels", {}).update(labels)
    return crd


def _read(files: Iterable[Path]) -> Iterator[Object]:
    for file in files:
        with file.open("rb") as stream:
            yield from filter(None, yaml.load_all(stream, _LOADER))
