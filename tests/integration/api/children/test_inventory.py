# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines of children as inventory, from a real mothership, as `ansible-inventory` shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api.bed import Bed
from tests.api.faults import FaultProxy
from tests.integration.input.conftest import Workplace

from .followed import Written


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)


@pytest.fixture
def children(bed: Bed, namespace: str) -> Written:
    """Two children, one of them behind a bastion."""
    found = Written(bed, namespace)
    for name, bastion in (("berlin", "54.0.0.1"), ("paris", "")):
        found.write("AWSCluster", name, {"region": "eu-west-1"}, {"ready": True})
        if bastion:
            found.status("AWSCluster", name, {"bastion": {"publicIp": bastion, "id": "i-0", "type": "t3.micro"}})
        for number, role in enumerate(("cp", "md")):
            machine(found, name, f"{name}-{role}-0", f"10.0.{number}.5", controller=role == "cp")
    return found


def machine(written: Written, child: str, name: str, address: str, *, controller: bool) -> None:
    labels = {
        "cluster.x-k8s.io/cluster-name": child,
        **({"cluster.x-k8s.io/control-plane": "true"} if controller else {}),
    }
    ref = {"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2", "kind": "AWSMachine", "name": name}
    spec = {
        "clusterName": child,
        "failureDomain": "eu-west-1a",
        "bootstrap": {"dataSecretName": "b"},
        "infrastructureRef": ref,
    }
    written.write("Machine", name, spec, {"phase": "Running"}, labels=labels)
    provided = {"instanceType": "m5.large", "instanceID": f"i-{name}", "providerID": f"aws:///eu-west-1a/i-{name}"}
    addresses = {"addresses": [{"type": "InternalIP", "address": address}]}
    written.write("AWSMachine", name, provided, addresses, labels=labels)


def inventory(workplace: Workplace, children: Written, server: str = "", **options: Any) -> dict[str, Any]:
    kubeconfig = children.bed.kubeconfig_file(workplace.folder, server=server)
    given = {"plugin": "mke4k.core.children", "namespace": children.namespace, "kubeconfig": kubeconfig.name, **options}
    workplace.write("children.yaml", given)
    ran = workplace.inventory("-i", "children.yaml")
    assert ran.code == 0, ran.output
    return dict(ran.result)


def test_machines_can_be_reached_and_are_in_groups(workplace: Workplace, children: Written, proxy: FaultProxy) -> None:
    found = inventory(workplace, children, proxy.url, bastion=True)
    assert found["child_berlin"]["hosts"] == ["berlin-cp-0", "berlin-md-0"]
    assert found["children_controllers"]["hosts"] == ["berlin-cp-0", "paris-cp-0"]
    assert len(found["children_region_eu_west_1"]["hosts"]) == 4
    host = found["_meta"]["hostvars"]["berlin-md-0"]
    assert (host["ansible_host"], host["ansible_user"]) == ("10.0.1.5", "ec2-user")
    assert host["ansible_ssh_common_args"] == "-o ProxyJump=ubuntu@54.0.0.1"
    assert "ansible_ssh_common_args" not in found["_meta"]["hostvars"]["paris-md-0"]
    assert (host["mke4k_child_zone"], host["mke4k_child_instance_id"]) == ("eu-west-1a", "i-berlin-md-0")
    lists = [request.path.partition("?")[0].rpartition("/")[2] for request in proxy.requests()]
    assert [name for name in lists if name in ("machines", "awsmachines", "awsclusters")] == [
        "machines",
        "awsmachines",
        "awsclusters",
    ]
    assert len(lists) <= 5


def test_the_cache_is_used_by_the_next_command(workplace: Workplace, children: Written, proxy: FaultProxy) -> None:
    options = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": "cache",
        "cache_timeout": 60,
    }
    first = inventory(workplace, children, proxy.url, **options)
    asked = len(proxy.requests())
    assert inventory(workplace, children, proxy.url, **options) == first
    assert len(proxy.requests()) == asked


def test_a_mothership_that_is_away_is_told(workplace: Workplace, children: Written) -> None:
    kubeconfig = children.bed.kubeconfig_file(workplace.folder, server="https://127.0.0.1:1")
    workplace.write(
        "children.yaml", {"plugin": "mke4k.core.children", "kubeconfig": str(kubeconfig), "request_timeout": 1}
    )
    ran = workplace.inventory("-i", "children.yaml")
    assert ran.code != 0
    assert "The machines of the children could not be read" in ran.output
    assert "gave no usable answer for 1 s" in ran.output
