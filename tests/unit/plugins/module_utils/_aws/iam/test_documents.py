# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a policy means, whatever the order and grouping of its statements."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam import policies
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.documents import (
    check_size,
    compact,
    covers,
    lacking,
    meaning,
    pretty,
    same,
    trust,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.names import Naming
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.wish import Settings, Wish, wish

NAMING = Naming("123456789012")
ACTIONS = st.lists(st.sampled_from(["ec2:A", "ec2:B", "iam:C", "tag:D"]), min_size=1, max_size=4)
RESOURCES = st.lists(st.sampled_from(["*", "arn:a", "arn:b"]), min_size=1, max_size=2)
STATEMENTS = st.lists(
    st.fixed_dictionaries({"Effect": st.sampled_from(["Allow", "Deny"]), "Action": ACTIONS, "Resource": RESOURCES}),
    min_size=1,
    max_size=4,
)


def statement(**fields: Any) -> Dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Resource": "*", **fields}]}


def of(made: Wish, base: str) -> Dict[str, Any]:
    return dict(next(policy.document for policy in made.policies if policy.name.startswith(f"{base}.")))


@given(STATEMENTS, st.randoms())
def test_order_and_grouping_do_not_count(statements: List[Dict[str, Any]], chance: Any) -> None:
    split = [
        {"Effect": each["Effect"], "Action": action, "Resource": resource}
        for each in statements
        for action in each["Action"]
        for resource in each["Resource"]
    ]
    chance.shuffle(split)
    assert same({"Statement": statements}, {"Statement": split})
    assert covers({"Statement": statements}, {"Statement": split[:1]})


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (statement(Action="ec2:A"), statement(Action=["ec2:A"], Sid="One")),
        (statement(Action="ec2:describevpcs"), statement(Action="ec2:DescribeVpcs")),
        (
            statement(Action="a:B", Condition={"StringLike": {"k": "v"}}),
            statement(Action="a:B", Condition={"StringLike": {"k": ["v"]}}),
        ),
        ({"Statement": {"Effect": "Allow", "Action": "a:B", "Resource": "*"}}, statement(Action="a:B")),
    ],
)
def test_forms_of_the_same_are_the_same(left: Dict[str, Any], right: Dict[str, Any]) -> None:
    assert same(left, right)


@pytest.mark.parametrize(
    "other",
    [
        statement(Action="ec2:B"),
        statement(Action="ec2:A", Effect="Deny"),
        statement(Action="ec2:A", Resource="arn:a"),
        statement(Action="ec2:A", Condition={"StringLike": {"k": "v"}}),
        {"Statement": [{"Effect": "Allow", "NotAction": "ec2:A", "Resource": "*"}]},
        {"Statement": [{"Effect": "Allow", "Action": "ec2:A", "NotResource": "*"}]},
        {},
    ],
)
def test_what_differs_is_seen(other: Dict[str, Any]) -> None:
    assert not same(statement(Action="ec2:A"), other)


def test_trust_in_more_services_covers_that_in_one() -> None:
    both = {"Statement": [{"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com", "x"], "AWS": "arn:r"},
                           "Action": "sts:AssumeRole"}]}  # fmt: skip
    assert covers(both, trust("ec2.amazonaws.com"))
    assert not covers(trust("ec2.amazonaws.com"), both)
    everybody = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
    assert meaning(everybody) != meaning(trust("*"))


def test_what_is_lacking_is_named_once() -> None:
    wanted = statement(Action=["ec2:B", "ec2:A"], Resource=["arn:a", "arn:b"])
    assert lacking({}, wanted) == ["ec2:a", "ec2:b"]


def test_a_diff_shows_only_what_differs_in_meaning() -> None:
    left = {"Version": "1", "Statement": [{"Sid": "x", "Effect": "Allow", "Action": ["b", "a"], "Resource": "*"}]}
    right = {"Statement": {"Resource": ["*"], "Action": ["a", "b"], "Effect": "Allow"}, "Version": "1"}
    assert pretty(left) == pretty(right)


# What is asked for


def test_the_policies_have_the_actions_that_the_stack_of_clusterawsadm_has() -> None:
    counts = {policy.name: sum(len(each.action_names()) for each in policy.statements) for policy in policies.ALL}
    assert counts == {"control-plane": 57, "nodes": 22, "controllers": 131, "controllers-eks": 40}
    first = policies.CONTROLLERS.statements[0].action_names()
    assert (len(first), len(set(first))) == (117, 117)


@pytest.mark.parametrize("policy", [*policies.ALL, policies.CHECKS], ids=lambda policy: str(policy.name))
def test_every_statement_says_where_it_comes_from(policy: policies.Policy) -> None:
    assert all(each.source for each in policy.statements)
    for each in policy.statements:
        assert len(each.action_names()) == len(set(each.action_names()))


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_every_policy_fits_into_what_aws_takes(partition: str) -> None:
    made = wish(Naming("123456789012", partition), Settings(checks=True))
    assert all(len(compact(policy.document)) < 6144 for policy in made.policies)
    assert all(policy.arn.startswith(f"arn:{partition}:iam::123456789012:policy/") for policy in made.policies)


def test_a_policy_that_is_too_long_is_refused_with_what_to_do() -> None:
    with pytest.raises(AwsError, match="Name fewer roles"):
        check_size("controllers", {"Statement": ["x" * 7000]})


def passed(made: Wish) -> List[str]:
    (found,) = [each for each in of(made, "controllers")["Statement"] if each["Action"] == ["iam:PassRole"]]
    return list(found["Resource"])


def test_only_roles_of_these_names_may_be_given_to_machines() -> None:
    assert passed(wish(NAMING, Settings())) == ["arn:*:iam::*:role/*.cluster-api-provider-aws.sigs.k8s.io"]
    assert passed(wish(NAMING, Settings(pass_roles=("mine",))))[1:] == ["arn:*:iam::*:role/mine"]


def test_without_a_suffix_each_role_is_named() -> None:
    made = wish(Naming("1", prefix="t-", suffix="", path="/c/"), Settings())
    document = next(policy.document for policy in made.policies if policy.name == "t-controllers")
    (found,) = [each for each in document["Statement"] if each["Action"] == ["iam:PassRole"]]
    assert found["Resource"] == [f"arn:*:iam::*:role/c/t-{base}" for base in ("control-plane", "controllers", "nodes")]


def test_without_eks_less_is_granted() -> None:
    made = wish(NAMING, Settings(eks=False))
    assert [role.name.split(".")[0] for role in made.roles] == ["control-plane", "controllers", "nodes"]
    assert not [arn for role in made.roles for arn in role.policies if "EKS" in arn or "eks" in arn]
    assert all(same(role.trust, trust("ec2.amazonaws.com")) for role in made.roles)


def test_the_checks_are_a_policy_for_the_user_alone() -> None:
    made = wish(NAMING, Settings(checks=True, user="children"))
    assert made.policies[-1].arn in made.user_policies
    assert not [role for role in made.roles if made.policies[-1].arn in role.policies]
