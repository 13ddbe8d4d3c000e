# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module aws_orphans in an account with children."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest

from ansible_collections.mke4k.core.plugins.action import aws_orphans
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.policies import CHECKS, CONTROLLERS
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.remove import Patience
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from tests.aws.bed import Aws, Keys
from tests.integration.aws.clusters import add_service, add_volume, make_child, make_network

LEAST = [name for policy in (CONTROLLERS, CHECKS) for each in policy.statements for name in each.action_names()]


class Account:
    def __init__(self, aws: Aws, keys: Optional[Keys], folder: Path) -> None:
        self.aws = aws
        self.keys = keys
        self.folder = folder

    def run(self, *, check_mode: bool = False, **arguments: Any) -> Dict[str, Any]:
        keys = self.keys or self.aws.admin
        given = {**keys.options, "endpoint_url": self.aws.url, "region": "eu-west-1", **arguments}
        result: Dict[str, Any] = action(aws_orphans.ActionModule, self.folder, given, check_mode=check_mode).run(
            task_vars={}
        )
        return result

    def done(self, **arguments: Any) -> Dict[str, Any]:
        result = self.run(**arguments)
        assert not result.get("failed"), result["msg"]
        return result


@pytest.fixture
def account(aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Whoever looks has what the policies give, and nothing else."""
    aws.reset(auth=True, quotas={"L-0263D0A3": 100, "L-F678F1CE": 100, "L-A4707A72": 100})
    monkeypatch.setattr(
        aws_orphans,
        "Patience",
        lambda **more: Patience(**{**more, "pause": 0.01}),
    )
    return Account(aws, aws.user_with(actions=LEAST, name="checker"), tmp_path)


def child(
    name: str, region: str = "eu-west-1", *, exists: Optional[bool] = False, **record: List[str]
) -> Dict[str, Any]:
    return {"name": name, "region": region, "exists": exists, "record": record}


def types(items: List[Dict[str, Any]]) -> List[str]:
    return sorted({item["type"] for item in items})


def test_nothing_is_left_where_nothing_was(account: Account) -> None:
    result = account.done(children=[child("prod")])
    assert result["clean"]
    assert result["complete"]
    assert not result["orphans"]
    assert result["text"] == ["Nothing is left of prod."]


def test_everything_a_child_left_is_found_with_its_id_and_cost(account: Account) -> None:
    made = make_child(account.aws, "prod")
    add_service(account.aws, made)
    result = account.done(children=[child("prod")])
    found = {(item["type"], item["id"]): item for item in result["orphans"] if item["belongs_by"] == "tag"}
    assert set(found) == {(kind, identity) for kind, ids in made.ids.items() for identity in ids}
    assert {kind for (kind, _id), item in found.items() if item["cost"] == "high"} == {
        "instance", "nat-gateway", "load-balancer",
    }  # fmt: skip
    assert not result["clean"]
    assert result["complete"]


def test_a_volume_without_a_tag_is_found_by_what_was_recorded(account: Account) -> None:
    made = make_network(account.aws, "prod")
    volume, other = add_volume(account.aws, made), add_volume(account.aws, made)
    found = account.done(children=[child("prod", volumes=[volume, "vol-0gone"])])["orphans"]
    assert [(item["id"], item["belongs_by"]) for item in found if item["type"] == "volume"] == [(volume, "record")]
    assert other not in [item["id"] for item in found]


def test_a_load_balancer_is_found_by_its_recorded_name(account: Account) -> None:
    made = make_network(account.aws, "prod")
    name = add_service(account.aws, made)
    arn = made.one("load-balancer")
    account.aws.client("elbv2", "eu-west-1").remove_tags(ResourceArns=[arn], TagKeys=["kubernetes.io/cluster/prod"])
    found = account.done(children=[child("prod", load_balancers=[name])])["orphans"]
    assert [(item["id"], item["belongs_by"]) for item in found if item["type"] == "load-balancer"] == [(arn, "record")]


def test_what_a_living_child_has_is_no_orphan(account: Account) -> None:
    make_child(account.aws, "prod")
    result = account.done(children=[child("prod", exists=True)])
    assert not result["orphans"]
    assert not any(item["removable"] for item in result["resources"])
    assert {"vpc", "network-interface", "load-balancer", "instance"} <= set(types(result["resources"]))


def test_a_name_that_another_begins_with_is_not_mixed_up(account: Account) -> None:
    make_network(account.aws, "prod-eu")
    assert account.done(children=[child("prod")])["clean"]


def test_everything_goes_in_an_order_that_aws_accepts(account: Account) -> None:
    made = make_child(account.aws, "prod", zones=2)
    add_service(account.aws, made)
    volume = add_volume(account.aws, made)
    other = make_child(account.aws, "other")
    gone = child("prod", volumes=[volume])
    result = account.done(children=[gone], remove=True, confirm=["prod"])
    assert result["changed"]
    assert result["clean"], result["text"]
    assert result["text"][-1] == "Nothing is left of prod."
    left = account.done(children=[child("other")])
    assert {(item["type"], item["id"]) for item in left["orphans"] if item["belongs_by"] == "tag"} == {
        (kind, identity) for kind, ids in other.ids.items() for identity in ids
    }
    again = account.done(children=[gone], remove=True, confirm=["prod"])
    assert not again["changed"]


def test_check_mode_tells_what_would_go(account: Account) -> None:
    make_child(account.aws, "prod")
    account.aws.forget_calls()
    result = account.run(check_mode=True, children=[child("prod")], remove=True, confirm=["prod"])
    assert result["changed"]
    assert len(result["removed"]) >= 11
    assert not account.aws.actions(changing=True)


@pytest.mark.parametrize(
    ("given", "confirm", "said"),
    [
        (child("prod", exists=True), ["prod"], "still exist"),
        (child("prod", exists=None), ["prod"], "exists: false"),
        (child("prod"), [], "in confirm: ['prod']"),
        (child("prod"), ["prod-eu"], "in confirm: ['prod']"),
    ],
)
def test_nothing_is_removed_without_leave(
    account: Account, given: Dict[str, Any], confirm: List[str], said: str
) -> None:
    make_network(account.aws, "prod")
    account.aws.forget_calls()
    result = account.run(children=[given], remove=True, confirm=confirm)
    assert result["failed"]
    assert said in result["msg"]
    assert not account.aws.actions(changing=True)


def test_what_names_two_clusters_stays(account: Account) -> None:
    made = make_network(account.aws, "prod")
    vpc = made.one("vpc")
    account.aws.client("ec2", "eu-west-1").create_tags(
        Resources=[vpc], Tags=[{"Key": "kubernetes.io/cluster/other", "Value": "owned"}]
    )
    result = account.done(children=[child("prod")], remove=True, confirm=["prod"])
    assert [item["id"] for item in result["orphans"]] == [vpc]
    assert "other" in result["orphans"][0]["reason"]


def test_a_recorded_id_that_another_cluster_owns_now_is_not_touched(account: Account) -> None:
    made = make_network(account.aws, "other")
    result = account.done(children=[child("prod", vpcs=made.ids["vpc"])], remove=True, confirm=["prod"])
    assert result["clean"]
    assert not result["changed"]


def test_interfaces_that_fade_are_waited_for(account: Account) -> None:
    make_child(account.aws, "prod")
    account.aws.faults.expect("ec2", "DeleteSubnet", "DependencyViolation", "has dependencies", times=3)
    assert account.done(children=[child("prod")], remove=True, confirm=["prod"])["clean"]


def test_what_does_not_go_is_told_with_the_reason(account: Account) -> None:
    made = make_network(account.aws, "prod")
    account.aws.faults.expect("ec2", "DeleteSubnet", "DependencyViolation", "eni-1 is in use", times=1000)
    result = account.run(children=[child("prod")], remove=True, confirm=["prod"], timeout=0, fail_on_orphans=True)
    assert result["failed"]
    assert set(made.ids["subnet"]) <= {item["id"] for item in result["orphans"]}
    assert "eni-1 is in use" in result["msg"]
    assert made.one("subnet") in result["msg"]


def test_a_permission_that_lacks_is_named_and_never_called_clean(account: Account) -> None:
    account.aws.faults.deny("ec2:DescribeVolumes")
    result = account.run(children=[child("prod")], fail_on_orphans=True)
    assert result["failed"]
    assert not result["complete"]
    assert not result["clean"]
    assert "ec2:DescribeVolumes" in result["msg"]
    assert "not proven" in result["msg"]
    assert [item["what"] for item in result["unchecked"]] == ["volume"]


def test_without_the_tagging_api_load_balancers_are_found_all_the_same(account: Account) -> None:
    made = make_child(account.aws, "prod")
    account.aws.faults.deny("tag:GetResources")
    result = account.done(children=[child("prod")])
    assert made.one("load-balancer") in [item["id"] for item in result["orphans"]]
    assert not result["complete"]


def test_a_child_without_a_region_is_looked_for_in_all_of_them(account: Account) -> None:
    made = make_network(account.aws, "prod", "ap-south-1")
    found = account.done(children=[child("prod", "")])["orphans"]
    assert {item["region"] for item in found} == {"ap-south-1"}
    assert made.one("vpc") in [item["id"] for item in found]


def test_two_hundred_children_cost_as_many_calls_as_one(account: Account) -> None:
    make_network(account.aws, "c-7")
    result = account.done(children=[child(f"c-{number}") for number in range(200)])
    assert {item["child"] for item in result["orphans"]} == {"c-7"}
    assert result["api_requests"] <= 25


def test_keys_that_aws_does_not_know_are_said_to_be_so(account: Account) -> None:
    account.keys = Keys("AKIAUNKNOWN", "nothing")
    result = account.run(children=[child("prod")])
    assert result["failed"]
    assert "AWS does not know the keys" in result["msg"]
