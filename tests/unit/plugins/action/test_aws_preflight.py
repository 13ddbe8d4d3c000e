# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of aws_preflight, on an AWS in this process."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.action.aws_preflight import ActionModule
from ansible_collections.mke4k.core.plugins.module_utils._aws import quotas, regions
from ansible_collections.mke4k.core.plugins.module_utils._aws.client import Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, Missing, NotAllowed
from ansible_collections.mke4k.core.plugins.module_utils._aws.identity import Identity
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight import account as accounts, run as preflight
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import Finding
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess
from ansible_collections.mke4k.core.plugins.modules import aws_preflight as documentation
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from tests.aws.images import images

from .accounts import empty_account

REGION = "eu-west-1"
KEYS = {"access_key": "testing", "secret_key": "testing-secret"}
IMAGE = images()[0]["ami_id"]
MACHINES = {"ami_id": IMAGE, "root_volume_size": 64, "iam_instance_profile": "nodes"}
CHILD = {"name": "prod", "region": REGION, "control_plane": MACHINES, "worker": MACHINES}


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(quotas, "_applied", lambda *_all: 1000.0)
    monkeypatch.setattr(accounts, "_refused", lambda *_all: [])
    # What moto answers in its own process is not meant for several threads.
    monkeypatch.setattr(regions, "ThreadPoolExecutor", lambda max_workers: ThreadPoolExecutor(min(max_workers, 1)))
    with empty_account(monkeypatch):
        yield


def client(service: str = "ec2") -> Client:
    return AwsAccess.of(KEYS, {}).client(service, REGION)


def run(folder: Path, *children: Any, **arguments: Any) -> dict[str, Any]:
    given = {**KEYS, "children": list(children or [CHILD]), **arguments}
    return dict(action(ActionModule, folder, given).run(task_vars={}))


def found(result: dict[str, Any], severity: str, check: str = "") -> list[str]:
    return [
        each["message"] for each in result["findings"] if each["severity"] == severity and check in ("", each["check"])
    ]


def test_an_empty_account_lacks_the_instance_profiles_only(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result["failed"]
    assert found(result, "error") == ["There is no instance profile nodes."]
    assert not found(result, "unchecked")
    assert result["msg"].startswith("One of the checks failed:\n1. prod: There is no instance profile nodes. Make it")
    assert result["text"][-1].startswith("1 errors, 0 warnings, 0 unchecked")


def test_everything_in_order_is_no_failure(tmp_path: Path) -> None:
    iam = client("iam")
    iam.create_role(RoleName="nodes", AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName="nodes")
    iam.add_role_to_instance_profile(InstanceProfileName="nodes", RoleName="nodes")
    result = run(tmp_path)
    assert not result.get("failed"), result["msg"]
    assert result["text"] == [f"0 errors, 0 warnings, 0 unchecked, {result['ok_count']} in order."]


def test_machines_and_gateways_that_run_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ec2 = client()
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)
    ec2.run_instances(ImageId=IMAGE, MinCount=2, MaxCount=2, InstanceType="m5.large")
    ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1024, VolumeType="gp3")
    monkeypatch.setattr(quotas, "_applied", lambda *_all: 1.0)
    messages = "\n".join(found(run(tmp_path, checks=["quotas"]), "error"))
    assert "(L-1216C47A): 16 needed, 4 of 1 used" in messages
    assert "(L-FE5A380F)" in messages
    assert "(L-0263D0A3): 3 needed, 1 of 1 used" in messages


def test_children_that_exist_ask_for_no_quota(tmp_path: Path) -> None:
    result = run(tmp_path, {**CHILD, "exists": True})
    assert not found(result, "ok", "quotas")
    assert found(result, "warning") == ["There is no instance profile nodes."]
    assert not result.get("failed")
    assert run(tmp_path, {**CHILD, "exists": True}, fail_on="warning")["failed"]


def test_only_what_is_asked_for_is_checked(tmp_path: Path) -> None:
    for check in preflight.CHECKS:
        checks = {each["check"] for each in run(tmp_path, checks=[check], fail_on="never")["findings"]}
        assert checks <= {check}


def test_key_pairs_are_looked_for(tmp_path: Path) -> None:
    asked = {**CHILD, "ssh_key_name": "ops"}
    assert found(run(tmp_path, asked, checks=["key_pairs"]), "error")
    client().create_key_pair(KeyName="ops")
    assert found(run(tmp_path, asked, checks=["key_pairs"]), "ok")


def test_an_image_by_name_is_the_newest(tmp_path: Path) -> None:
    lookup = {"image_lookup": {"format": "amzn2-ami-hvm*-gp2"}}
    result = run(tmp_path, {**CHILD, "control_plane": lookup, "worker": lookup}, checks=["images"])
    assert found(result, "ok") or found(result, "error")


@pytest.mark.parametrize("code", ["InvalidAMIID.NotFound", "InvalidAMIID.Malformed"])
def test_an_image_that_aws_does_not_know_is_an_error(tmp_path: Path, code: str) -> None:
    wrong = {**CHILD, "worker": {"ami_id": "ami-00000000" if code.endswith("NotFound") else "image"}}
    assert any("image" in message for message in found(run(tmp_path, wrong, checks=["images"]), "error"))


def test_a_region_that_is_not_there_or_not_enabled_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "regions_of", lambda *_all: {"eu-west-1": True, "me-south-1": False})
    result = run(tmp_path, {**CHILD, "region": "me-south-1"}, {**CHILD, "name": "b", "region": "moon-1"})
    assert found(result, "error") == [
        "The region me-south-1 is not enabled in this account.",
        "There is no region moon-1.",
    ]


def test_regions_that_cannot_be_listed_are_checked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_all: Any) -> Any:
        raise NotAllowed("no", "UnauthorizedOperation", action="ec2:DescribeRegions")

    monkeypatch.setattr(preflight, "regions_of", denied)
    result = run(tmp_path, checks=["regions", "instance_types"])
    assert "ec2:DescribeRegions" in found(result, "unchecked")[0]
    assert found(result, "ok", "instance_types")


def test_no_children_need_nothing(tmp_path: Path) -> None:
    result = dict(action(ActionModule, tmp_path, {**KEYS, "children": []}).run(task_vars={}))
    assert not result.get("failed")
    assert {each["check"] for each in result["findings"]} == {"identity"}


def test_quotas_that_were_never_changed_have_their_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    class Asked:
        def client(self, *_all: Any) -> Any:
            return self

        def get_service_quota(self, **_all: Any) -> Any:
            raise Missing("none", "NoSuchResourceException")

        def get_aws_default_service_quota(self, **_all: Any) -> Any:
            return {"Quota": {"Value": 7.0}}

    access: Any = Asked()
    assert quotas.limits_of(access, REGION, ["L-F678F1CE"])["L-F678F1CE"].value == 7.0


class Refusing:
    """An AWS that denies all but what is given."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def client(self, *_all: Any) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        def answer(*_positional: Any, **_arguments: Any) -> Any:
            found = self.answers.get(name, NotAllowed("denied", "AccessDenied", action=f"x:{name}"))
            if isinstance(found, Exception):
                raise found
            return found

        return answer


def test_elastic_ips_have_another_way_to_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    attribute = {"AccountAttributes": [{"AttributeValues": [{"AttributeValue": "9"}]}]}
    access: Any = Refusing(describe_account_attributes=attribute)
    assert quotas.limits_of(access, REGION, ["L-0263D0A3"])["L-0263D0A3"].value == 9.0
    access = Refusing(describe_account_attributes={"AccountAttributes": []})
    assert quotas.limits_of(access, REGION, ["L-0263D0A3"])["L-0263D0A3"].action == "x:get_service_quota"


@pytest.mark.parametrize(
    ("allocate", "severity"),
    [
        (AwsError("would", "DryRunOperation"), "ok"),
        (NotAllowed("no", "UnauthorizedOperation", action="ec2:AllocateAddress"), "error"),
        (AwsError("throttled", "Throttling"), "unchecked"),
    ],
)
def test_a_dry_run_tells_where_nothing_else_does(
    monkeypatch: pytest.MonkeyPatch, allocate: AwsError, severity: str
) -> None:
    monkeypatch.undo()
    would = AwsError("would", "DryRunOperation")
    access: Any = Refusing(allocate_address=allocate, create_internet_gateway=would)
    who = Identity("1", "arn:aws:iam::1:user/me", "me")
    facts: Any = type("Facts", (), {"region": REGION, "images": {}})()
    result = accounts.permission_findings(access, who, {REGION: facts}, {})
    assert [each.severity for each in result] == ["unchecked", severity]


def test_the_account_itself_may_do_everything() -> None:
    access: Any = Refusing()
    result = accounts.permission_findings(access, Identity("1", "arn:aws:iam::1:root", "1"), {}, {})
    assert [each.severity for each in result] == ["ok"]


def test_several_failures_are_numbered() -> None:
    text = preflight.failure_of([Finding("error", "a", "One.", "Do.", "r", "c"), Finding("error", "b", "Two.")])
    assert text == "2 of the checks failed:\n1. r, c: One. Do.\n2. Two."


def test_options_are_those_that_are_documented() -> None:
    documented = yaml.safe_load(documentation.DOCUMENTATION)["options"]
    assert set(documented) == set(ActionModule.options)
    for name, option in ActionModule.options.items():
        assert documented[name].get("default") == option.get("default")
        assert documented[name].get("choices") == option.get("choices")
