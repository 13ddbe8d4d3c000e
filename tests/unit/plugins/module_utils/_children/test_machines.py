# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines of children, put together from what Cluster API and CAPA say."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._children.machines import ChildMachine, machines_of
from ansible_collections.mke4k.core.plugins.plugin_utils._child_hosts import host_name, variables_of

OPTIONS = {"address": "auto", "user": "ec2-user", "bastion": True, "bastion_user": "ubuntu"}


def machine(name: str = "berlin-cp-0", **changes: Any) -> dict[str, Any]:
    labels = {
        "cluster.x-k8s.io/cluster-name": "berlin",
        **({"cluster.x-k8s.io/control-plane": ""} if "cp" in name else {}),
    }
    return {
        "metadata": {"name": name, "namespace": "k0rdent", "labels": labels, **changes.pop("metadata", {})},
        "spec": {
            "clusterName": "berlin",
            "failureDomain": "eu-west-1a",
            "version": "v1.32.6",
            "infrastructureRef": {"name": name},
        },
        "status": {"phase": "Running", "nodeRef": {"name": "ip-10-0-0-5.eu-west-1.compute.internal"}},
        **changes,
    }


def instance(name: str = "berlin-cp-0", *addresses: tuple[str, str], **spec: Any) -> dict[str, Any]:
    found = [{"type": kind, "address": address} for kind, address in addresses or (("InternalIP", "10.0.0.5"),)]
    given = {"instanceID": "i-1", "instanceType": "m5.xlarge", "providerID": "aws:///eu-west-1b/i-1", **spec}
    return {"metadata": {"name": name, "namespace": "k0rdent"}, "spec": given, "status": {"addresses": found}}


def cluster(bastion: str = "") -> dict[str, Any]:
    status = {"bastion": {"publicIp": bastion}} if bastion else {}
    return {"metadata": {"name": "berlin", "namespace": "k0rdent"}, "spec": {"region": "eu-west-1"}, "status": status}


def one(machines: Any = None, instances: Any = None, clusters: Any = None) -> ChildMachine:
    return machines_of([machines or machine()], [instances or instance()], [clusters or cluster()])[0]


def test_what_is_known_of_a_machine() -> None:
    found = one(clusters=cluster("54.0.0.1"))
    assert found == ChildMachine(
        name="berlin-cp-0", namespace="k0rdent", child="berlin", role="controller", region="eu-west-1",
        zone="eu-west-1a", instance_id="i-1", instance_type="m5.xlarge", internal_ip="10.0.0.5",
        node="ip-10-0-0-5.eu-west-1.compute.internal", version="v1.32.6", phase="Running", bastion="54.0.0.1",
        labels=machine()["metadata"]["labels"],
    )  # fmt: skip


def test_order_is_that_of_children_roles_and_names() -> None:
    names = ["berlin-md-b", "berlin-cp-1", "berlin-cp-0", "berlin-md-a"]
    found = machines_of([machine(name) for name in names], [], [])
    assert [item.name for item in found] == ["berlin-cp-0", "berlin-cp-1", "berlin-md-a", "berlin-md-b"]
    assert [item.role for item in found] == ["controller"] * 2 + ["worker"] * 2


def test_a_machine_that_goes_is_left_out() -> None:
    assert machines_of([machine(metadata={"deletionTimestamp": "2026-11-01T10:00:00Z"})], [], []) == []


def test_what_only_the_provider_id_tells_is_taken_from_it() -> None:
    bare = machine(spec={"clusterName": "berlin", "providerID": "aws:///eu-west-1c/i-9"})
    found = machines_of([bare], [], [])[0]
    assert (found.zone, found.instance_id, found.region) == ("eu-west-1c", "i-9", "")


def test_addresses_of_the_machine_serve_where_the_instance_has_none() -> None:
    status = {
        "addresses": [{"type": "InternalIP", "address": "10.0.0.7"}, {"type": "ExternalIP", "address": "52.0.0.1"}]
    }
    found = machines_of([machine(status=status)], [], [])[0]
    assert (found.internal_ip, found.external_ip, found.phase) == ("10.0.0.7", "52.0.0.1", "")


def test_the_same_name_in_another_namespace_is_another_machine() -> None:
    other = instance()
    other["metadata"]["namespace"] = "elsewhere"
    assert one(instances=other).instance_id == ""


def test_a_private_machine_is_reached_through_its_bastion() -> None:
    found = variables_of(one(clusters=cluster("54.0.0.1")), OPTIONS)
    assert found["ansible_host"] == "10.0.0.5"
    assert found["ansible_user"] == "ec2-user"
    assert found["ansible_ssh_common_args"] == "-o ProxyJump=ubuntu@54.0.0.1"
    without = variables_of(one(clusters=cluster("54.0.0.1")), {**OPTIONS, "bastion_user": "", "user": ""})
    assert without["ansible_ssh_common_args"] == "-o ProxyJump=54.0.0.1"
    assert "ansible_user" not in without


def test_no_bastion_is_used_where_none_is_asked_for_needed_or_there() -> None:
    public = instance("berlin-cp-0", ("InternalIP", "10.0.0.5"), ("ExternalIP", "52.0.0.1"))
    assert "ansible_ssh_common_args" not in variables_of(
        one(clusters=cluster("54.0.0.1")), {**OPTIONS, "bastion": False}
    )
    assert "ansible_ssh_common_args" not in variables_of(one(), OPTIONS)
    found = variables_of(one(instances=public, clusters=cluster("54.0.0.1")), OPTIONS)
    assert found["ansible_host"] == "52.0.0.1"
    assert "ansible_ssh_common_args" not in found
    inside = variables_of(one(instances=public, clusters=cluster("54.0.0.1")), {**OPTIONS, "address": "internal"})
    assert (inside["ansible_host"], "ansible_ssh_common_args" in inside) == ("10.0.0.5", True)


def test_a_machine_without_the_address_asked_for_gets_none() -> None:
    assert "ansible_host" not in variables_of(one(), {**OPTIONS, "address": "external"})


def test_hosts_of_two_children_never_share_a_name() -> None:
    assert host_name(one()) == "berlin-cp-0"
    assert host_name(ChildMachine("odd", "k0rdent", "berlin", "worker")) == "berlin_odd"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["metadata", "spec", "status", "name", "addresses", "infrastructureRef"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(["spec", "status"]), JSON, max_size=2), max_size=3))
def test_nothing_that_a_controller_writes_breaks_it(found: list[dict[str, Any]]) -> None:
    made = [{"metadata": {"name": f"m{number}"}, **item} for number, item in enumerate(found)]
    assert len(machines_of(made, made, made)) == len(made)
