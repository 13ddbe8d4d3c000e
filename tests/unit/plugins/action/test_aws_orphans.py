# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of aws_orphans, on an AWS in this process."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.action import aws_orphans
from ansible_collections.mke4k.core.plugins.action.aws_orphans import ActionModule
from ansible_collections.mke4k.core.plugins.module_utils._aws import regions
from ansible_collections.mke4k.core.plugins.module_utils._aws.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, NotAllowed
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess
from ansible_collections.mke4k.core.plugins.modules import aws_orphans as documentation
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action

from .accounts import empty_account

REGION = "eu-west-1"
KEYS = {"access_key": "testing", "secret_key": "testing-secret", "region": REGION}
TAG = {"Key": "sigs.k8s.io/cluster-api-provider-aws/cluster/prod", "Value": "owned"}
GONE = {"name": "prod", "region": REGION, "exists": False}


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # What moto answers in its own process is not meant for several threads.
    monkeypatch.setattr(regions, "ThreadPoolExecutor", lambda max_workers: ThreadPoolExecutor(min(max_workers, 1)))
    with empty_account(monkeypatch):
        yield


def client(service: str = "ec2", region: str = REGION) -> Client:
    return AwsAccess.of(KEYS, {}).client(service, region)


def run(folder: Path, *children: Any, check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    given = {**KEYS, "children": list(children or [GONE]), **arguments}
    return dict(action(ActionModule, folder, given, check_mode=check_mode).run(task_vars={}))


def marked(kind: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [TAG]}]


def make() -> dict[str, str]:
    """A network with everything that knows a deletion of its own."""
    ec2 = client()
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=marked("vpc"))["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", TagSpecifications=marked("subnet"))["Subnet"]
    table = ec2.create_route_table(VpcId=vpc, TagSpecifications=marked("route-table"))["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet["SubnetId"])
    gateway = ec2.create_internet_gateway(TagSpecifications=marked("internet-gateway"))["InternetGateway"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc)
    group = ec2.create_security_group(
        GroupName="node", Description="node", VpcId=vpc, TagSpecifications=marked("security-group")
    )["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
    )
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{REGION}.s3",
        TagSpecifications=marked("vpc-endpoint"),
    )
    interface = ec2.create_network_interface(SubnetId=subnet["SubnetId"])["NetworkInterface"]["NetworkInterfaceId"]
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8)["VolumeId"]
    ec2.create_snapshot(VolumeId=volume, TagSpecifications=marked("snapshot"))
    ec2.allocate_address(Domain="vpc", TagSpecifications=marked("elastic-ip"))
    ec2.create_launch_template(
        LaunchTemplateName="prod", LaunchTemplateData={"ImageId": "ami-1"}, TagSpecifications=marked("launch-template")
    )
    return {"vpc": vpc, "subnet": subnet["SubnetId"], "interface": interface, "volume": volume}


def add_balancers(made: dict[str, str]) -> str:
    listeners = [{"Protocol": "TCP", "LoadBalancerPort": 6443, "InstancePort": 6443}]
    client("elb").create_load_balancer(
        LoadBalancerName="prod-apiserver", Subnets=[made["subnet"]], Listeners=listeners, Tags=[TAG]
    )
    elbv2 = client("elbv2")
    network = elbv2.create_load_balancer(Name="prod-svc", Type="network", Subnets=[made["subnet"]])["LoadBalancers"][0]
    elbv2.create_target_group(Name="prod-tg", Protocol="TCP", Port=80, VpcId=made["vpc"], Tags=[TAG])
    return str(network["DNSName"])


def denied(monkeypatch: pytest.MonkeyPatch, method: str, error: AwsError) -> None:
    real_call, real_pages = Client.__getattr__, Client.pages

    def lookup(self: Client, name: str) -> Any:
        def fails(**_arguments: Any) -> Any:
            raise error

        return fails if name == method else real_call(self, name)

    def pages(self: Client, name: str, key: str, **arguments: Any) -> Any:
        if name == method:
            raise error
        return real_pages(self, name, key, **arguments)

    monkeypatch.setattr(Client, "__getattr__", lookup)
    monkeypatch.setattr(Client, "pages", pages)


def test_all_of_it_is_found_and_removed(tmp_path: Path) -> None:
    made = make()
    record = {
        "volumes": [made["volume"]],
        "network_interfaces": [made["interface"]],
        "load_balancers": [add_balancers(made)],
    }
    gone = {**GONE, "record": record}
    found = run(tmp_path, gone)["orphans"]
    assert {item["type"] for item in found} == {
        "vpc", "subnet", "route-table", "internet-gateway", "security-group", "vpc-endpoint", "network-interface",
        "volume", "snapshot", "elastic-ip", "launch-template", "load-balancer", "target-group",
    }  # fmt: skip
    result = run(tmp_path, gone, remove=True, confirm=["prod"])
    assert result["changed"]
    assert result["clean"], result["text"]
    assert {item["id"] for item in result["removed"]} == {item["id"] for item in found if item["removable"]}


def test_check_mode_removes_nothing(tmp_path: Path) -> None:
    make()
    result = run(tmp_path, remove=True, confirm=["prod"], check_mode=True)
    assert result["changed"]
    assert result["orphans"] == run(tmp_path)["orphans"]


def test_no_children_cost_no_request(tmp_path: Path) -> None:
    result = dict(action(ActionModule, tmp_path, {**KEYS, "children": []}).run(task_vars={}))
    assert (result["api_requests"], result["clean"]) == (0, True)


def test_a_bucket_with_the_tag_is_told_and_stays(tmp_path: Path) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="prod-boot", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket="prod-boot", Tagging={"TagSet": [TAG]})
    result = run(tmp_path, remove=True, confirm=["prod"])
    assert [(item["type"], item["removable"]) for item in result["orphans"]] == [("bucket", False)]
    assert "by hand" in "\n".join(result["text"])


@pytest.mark.parametrize("method", ["describe_volumes", "get_resources", "describe_tags", "describe_load_balancers"])
def test_what_is_denied_is_told_and_nothing_is_called_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    add_balancers(make())
    denied(monkeypatch, method, NotAllowed("no", "AccessDenied", action="some:Action"))
    result = run(tmp_path, fail_on_orphans=True)
    assert result["failed"]
    assert not result["complete"]
    assert {item["action"] for item in result["unchecked"]} == {"some:Action"}
    assert "Something is left" in result["msg"]


def test_a_region_that_does_not_answer_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "pages", unreachable)
    result = run(tmp_path, fail_on_orphans=True)
    assert [item["what"] for item in result["unchecked"]] == ["everything"]
    assert "not proven" in result["msg"]


def unreachable(_self: Client, *_all: Any, **_more: Any) -> Any:
    raise AwsError("AWS did not answer")


def test_many_children_cost_as_many_requests_as_one(tmp_path: Path) -> None:
    make()
    many = [{**GONE, "name": f"c-{number}"} for number in range(199)]
    result = run(tmp_path, GONE, *many)
    assert {item["child"] for item in result["orphans"]} == {"prod"}
    assert result["api_requests"] <= 25


def test_a_child_without_a_region_is_looked_for_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_orphans, "enabled_regions", lambda *_all: ["us-west-2", REGION])
    client("ec2", "us-west-2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=marked("vpc"))
    assert [item["region"] for item in run(tmp_path, {"name": "prod"})["orphans"]] == ["us-west-2"]


@pytest.mark.parametrize(
    ("child", "confirm", "said"),
    [
        ({**GONE, "exists": True}, ["prod"], "prod still exists"),
        ({"name": "prod", "region": REGION}, ["prod"], "exists: false"),
        (GONE, [], "in confirm: ['prod']"),
        ({"region": REGION}, [], "has no name"),
    ],
)
def test_nothing_is_removed_without_leave(tmp_path: Path, child: Any, confirm: Any, said: str) -> None:
    made = make()
    result = run(tmp_path, child, remove=True, confirm=confirm)
    assert said in result["msg"]
    assert client().describe_vpcs(VpcIds=[made["vpc"]])["Vpcs"]


def test_options_are_those_that_are_documented() -> None:
    documented = yaml.safe_load(documentation.DOCUMENTATION)["options"]
    assert set(documented) == set(ActionModule.options)
    for name, option in ActionModule.options.items():
        assert documented[name].get("default") == option.get("default")
