# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mothership whose children have machines."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.inventory import children as plugin
from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.credentials.world import World
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.test_machines import (
    cluster,
    instance,
    machine,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import api_of

MACHINES = "/apis/cluster.x-k8s.io/v1beta1/namespaces/k0rdent/machines"
AWS = "/apis/infrastructure.cluster.x-k8s.io/v1beta2/namespaces/k0rdent"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    found = World()
    opened: list[Access] = []
    vars(found)["opened"] = opened

    def connect(access: Access, deadline: float) -> Any:
        opened.append(access)
        return api_of(found)

    monkeypatch.setattr(plugin, "connect", connect)
    for name in ("K8S_AUTH_KUBECONFIG", "KUBECONFIG", "K8S_AUTH_HOST"):
        monkeypatch.delenv(name, raising=False)
    found.kinds["/apis/cluster.x-k8s.io/v1beta1"].append({"kind": "Machine", "name": "machines", "namespaced": True})
    for name in ("berlin-cp-0", "berlin-md-0"):
        found.objects[f"{MACHINES}/{name}"] = machine(name)
        found.objects[f"{AWS}/awsmachines/{name}"] = instance(name)
    found.objects[f"{AWS}/awsclusters/berlin"] = cluster("54.0.0.1")
    away = machine("paris-md-0")
    away["spec"]["clusterName"], away["status"] = "paris", {"phase": "Provisioning"}
    found.objects[f"{MACHINES}/paris-md-0"] = away
    return found
