# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mothership whose children are played: the fixture `children_mothership`, and `played` for another manner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.api.bed import Bed
from tests.integration.api.mothership.cluster import Mothership, wipe
from tests.lab.standin import kinds as platform_kinds, objects
from tests.lab.standin.api import Object
from tests.lab.standin.children import kinds, prepared
from tests.lab.standin.children.commands import FAULT, ONE, Manner, checked
from tests.lab.standin.faults import NAME as FAULTS, NAMESPACE as FAULTS_NAMESPACE
from tests.lab.standin.local import Standin

# Children are ready, gone and tried again at once, for people who wait.
QUICK = Manner(ready_after=0.6, delete_after=0.4, retry=0.2)
WIPED = (
    kinds.CHILD,
    kinds.CLUSTER_DEPLOYMENT,
    kinds.CLUSTER_TEMPLATE,
    kinds.MULTI_CLUSTER_SERVICE,
    kinds.CREDENTIAL,
    kinds.CLUSTER,
    kinds.MACHINE,
    kinds.MACHINE_DEPLOYMENT,
    kinds.CONTROL_PLANE,
    kinds.AWS_CLUSTER,
    kinds.AWS_MACHINE,
    *kinds.IDENTITIES.values(),
    platform_kinds.EVENT,
)


class ChildrenMothership(Mothership):
    """The cluster as a test of children sees it."""

    namespace = prepared.SYSTEM
    credential = prepared.CREDENTIAL_NAME

    def __init__(self, bed: Bed, manner: Manner, version: str) -> None:
        self.manner = manner
        self.version = version
        super().__init__(bed, self._standin(bed))

    def restart(self) -> None:
        """The operators end, and others take their place."""
        self.standin.stop()
        self.standin = self._standin(self.bed).start()
        self.api = self.standin.api

    def child(self, name: str, command: str = "", spec: Object | None = None, **infrastructure: Any) -> Object:
        """Makes or changes a child as a user would. `command`: see commands.py."""
        given = {"provider": "aws", "credential": self.credential, "region": "eu-west-3", **infrastructure}
        made = kinds.CHILD.made(
            name, self.namespace, spec={"version": self.version, "infrastructure": given, **(spec or {})}
        )
        if command:
            made["metadata"]["annotations"] = {FAULT: checked(command)}
        return self.api.apply(kinds.CHILD, made, "user")

    def deployment(self, name: str, labels: Object | None = None, **config: Any) -> Object:
        """A child of k0rdent alone."""
        config = {"region": "eu-west-3", "controlPlaneNumber": 1, "workersNumber": 1, **config}
        spec = {"template": "aws-standalone-cp-1-0-12", "credential": self.credential, "config": config}
        made = kinds.CLUSTER_DEPLOYMENT.made(name, self.namespace, spec=spec)
        made["metadata"]["labels"] = dict(labels or {})
        return self.api.apply(kinds.CLUSTER_DEPLOYMENT, made, "user")

    def command(self, **commands: str) -> None:
        """Commands children by name (`_` for the dash), beside their annotations; nothing takes one back."""
        data = {f"{ONE}{name.replace('_', '-')}": text for name, text in commands.items()}
        for text in data.values():
            if text:
                checked(text)
        made = platform_kinds.CONFIG_MAP.made(FAULTS, FAULTS_NAMESPACE, data=data)
        self.api.apply(platform_kinds.CONFIG_MAP, made, "test")

    def credential_named(self, name: str, **given: Any) -> str:
        return prepared.credential(self.api, name=name, **given)

    def ready(self, name: str) -> Object:
        """The MkeChildConfig, once it is ready."""
        return self.until(_is_ready, kinds.CHILD, name, self.namespace)

    def gone(self, name: str) -> None:
        """Waits until nothing of the child is left."""
        for kind in (kinds.CHILD, kinds.CLUSTER_DEPLOYMENT, kinds.CLUSTER):
            self.until_gone(kind, name, self.namespace)

    def delete(self, name: str) -> None:
        self.api.delete(kinds.CHILD, name, self.namespace)

    def _standin(self, bed: Bed) -> Standin:
        # An action removes all files that the package kubernetes made of kubeconfigs in this process.
        kubeconfig = bed.kubeconfig(inline=False)
        return Standin(lambda: kubeconfig, pace=0.02, pods=True, children=self.manner, platform=False)


@contextmanager
def played(bed: Bed, manner: Manner = QUICK, version: str = prepared.VERSION) -> Iterator[ChildrenMothership]:
    """A mothership that is ready for children; nothing is left of it in the end."""
    bed.load_crds(*prepared.GROUPS)
    there = ChildrenMothership(bed, manner, version)
    prepared.namespaces(there.api)
    there.standin.start()
    try:
        prepared.written(there.api, version)
        prepared.admitting(there.api)
        prepared.credential(there.api)
        yield there
    finally:
        there.standin.stop()
        prepared.admitting_all(there.api)
        prepared.leftovers(there.api, WIPED)
        wipe(there.api)


@pytest.fixture
def children_mothership(bed: Bed) -> Iterator[ChildrenMothership]:
    """Ready for children, which are there after 0.6 s and gone after 0.4 s."""
    with played(bed) as found:
        yield found


def _is_ready(item: Object) -> bool:
    """A child that was changed still has the status of before for a moment."""
    seen = (item.get("status") or {}).get("observedGeneration") == item["metadata"]["generation"]
    return seen and objects.is_true(item, "Ready")
