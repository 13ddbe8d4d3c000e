# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which calls lead from what is there to what there is to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.found import (
    Found,
    FoundPolicy,
    FoundProfile,
    FoundRole,
    FoundUser,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.names import Naming
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.plan import Plan, plan
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.stack import Stack
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.wish import Settings, Wish, wish

NAMING = Naming("1", suffix=".x")
SETTINGS = Settings(eks=False, user="children", boundary="arn:b", tags={"team": "a"})
WISH = wish(NAMING, SETTINGS)
STACK = Stack("stack", "eu-west-1", "CREATE_COMPLETE")


def complete(wished: Wish = WISH) -> Found:
    tags = dict(wished.tags)
    return Found(
        policies={each.name: FoundPolicy(each.arn, "v1", each.document, tags) for each in wished.policies},
        roles={
            each.name: FoundRole(each.name, f"arn:{each.name}", each.trust, "arn:b", tags, frozenset(each.policies))
            for each in wished.roles
        },
        profiles={name: FoundProfile(name, f"arn:{name}", (name,), tags) for name in wished.profiles},
        user=FoundUser("children", "arn:u", "arn:b", tags, frozenset(wished.user_policies)),
    )


def calls(made: Plan) -> List[str]:
    return [step.call for step in made.steps]


def changed(kind: str, name: str, **fields: Any) -> Plan:
    """The plan when one thing is different from what is wished."""
    found = complete()
    if kind == "user":
        assert found.user
        return plan(WISH, replace(found, user=replace(found.user, **fields)), None)
    things: Any = dict(getattr(found, kind))
    things[name] = replace(things[name], **fields)
    changes: Any = {kind: things}
    return plan(WISH, replace(found, **changes), None)


def test_where_all_is_there_nothing_is_to_be_done() -> None:
    made = plan(WISH, complete(), None)
    assert (made.steps, made.diffs, made.notes, set(made.actions.values())) == ([], [], [], {"unchanged"})


def test_in_an_empty_account_policies_come_before_what_they_are_attached_to() -> None:
    made = plan(WISH, Found(), None)
    assert set(made.actions.values()) == {"created"}
    known = set()
    for step in made.steps:
        if step.call == "create_policy":
            known.add(f"arn:aws:iam::1:policy/{step.arguments['PolicyName']}")
        elif step.call.startswith("attach_"):
            assert step.arguments["PolicyArn"] in known
    assert {step.arguments["PermissionsBoundary"] for step in made.steps if step.call == "create_role"} == {"arn:b"}


@pytest.mark.parametrize(
    ("kind", "name", "fields", "expected"),
    [
        ("policies", "nodes.x", {"tags": {"team": "b", "else": "c"}}, ["tag_policy"]),
        ("policies", "nodes.x", {"document": {}, "versions": ("v1", "v2")}, ["create_policy_version"]),
        ("policies", "nodes.x", {"document": {}, "versions": ("v1", "v2", "v3", "v4")},
         ["delete_policy_version", "create_policy_version"]),
        ("roles", "nodes.x", {"tags": {}}, ["tag_role"]),
        ("roles", "nodes.x", {"trust": {}}, ["update_assume_role_policy"]),
        ("roles", "nodes.x", {"boundary": ""}, ["put_role_permissions_boundary"]),
        ("roles", "nodes.x", {"attached": frozenset()}, ["attach_role_policy"]),
        ("roles", "nodes.x", {"attached": frozenset(["arn:aws:iam::1:policy/nodes.x", "arn:of-others"])}, []),
        ("profiles", "nodes.x", {"roles": ()}, ["add_role_to_instance_profile"]),
        ("profiles", "nodes.x", {"tags": {}}, ["tag_instance_profile"]),
        ("user", "", {"boundary": "arn:other"}, ["put_user_permissions_boundary"]),
        ("user", "", {"tags": {}}, ["tag_user"]),
        ("user", "", {"attached": frozenset()}, ["attach_user_policy"] * 3),
    ],
)  # fmt: skip
def test_what_differs_is_changed_and_nothing_else(kind: str, name: str, fields: Any, expected: List[str]) -> None:
    made = changed(kind, name, **fields)
    assert calls(made) == expected
    assert list(made.actions.values()).count("updated") == bool(expected)


def test_the_oldest_versions_make_room() -> None:
    made = changed("policies", "nodes.x", document={}, versions=("v2", "v9", "v10", "v11"))
    assert made.steps[0].arguments["VersionId"] == "v2"


def test_a_profile_with_another_role_is_not_touched() -> None:
    with pytest.raises(AwsError, match="has the role other in it"):
        changed("profiles", "nodes.x", roles=("other",))


def test_without_wishes_for_them_tags_and_boundaries_stay() -> None:
    bare = wish(NAMING, Settings(eks=False, user="children"))
    assert plan(bare, complete(), None).steps == []


def test_a_policy_with_another_path_is_attached_as_it_is() -> None:
    found = complete()
    policies = dict(found.policies)
    policies["nodes.x"] = replace(policies["nodes.x"], arn="arn:aws:iam::1:policy/old/nodes.x")
    roles = {"nodes.x": replace(found.roles["nodes.x"], attached=frozenset())}
    made = plan(WISH, replace(found, policies=policies, roles={**found.roles, **roles}, user=None), None)
    attached = [step.arguments["PolicyArn"] for step in made.steps if step.call.startswith("attach_")]
    assert "arn:aws:iam::1:policy/old/nodes.x" in attached
    assert "arn:aws:iam::1:policy/nodes.x" not in attached


def test_things_of_a_stack_are_kept_and_what_they_lack_is_told() -> None:
    found = complete()
    policies = {name: replace(policy, document={}) for name, policy in found.policies.items()}
    roles = {name: replace(role, attached=frozenset(), trust={}) for name, role in found.roles.items()}
    profiles = {name: replace(profile, roles=()) for name, profile in found.profiles.items()}
    made = plan(WISH, replace(found, policies=policies, roles=roles, profiles=profiles), STACK)
    assert made.steps == []
    assert {action for (kind, _name), action in made.actions.items() if kind != "user"} == {"kept"}
    assert "and is kept, but lacks autoscaling:describeautoscalinggroups" in made.notes[0]
    assert "more. Update the stack" in made.notes[0]
    assert [note for note in made.notes if "The role nodes.x belongs to the stack" in note]


def test_what_a_stack_does_not_own_is_made() -> None:
    owned = Stack("stack", "eu-west-1", "CREATE_COMPLETE", frozenset(["nodes.x", "arn:aws:iam::1:policy/nodes.x"]))
    found = complete()
    partial = Found(
        policies={"nodes.x": found.policies["nodes.x"]},
        roles={"nodes.x": found.roles["nodes.x"]},
        profiles={"nodes.x": found.profiles["nodes.x"]},
    )
    made = plan(WISH, partial, owned)
    assert made.actions["role", "nodes.x"] == made.actions["policy", "nodes.x"] == "kept"
    assert made.actions["role", "controllers.x"] == made.actions["user", "children"] == "created"
    assert made.notes == []
