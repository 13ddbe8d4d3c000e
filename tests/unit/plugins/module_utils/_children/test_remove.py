# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.engines import engine
from ansible_collections.mke4k.core.plugins.module_utils._children.errors import ChildrenError
from ansible_collections.mke4k.core.plugins.module_utils._children.model import PROTECTED_MARK, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.record import Record
from ansible_collections.mke4k.core.plugins.module_utils._children.remove import (
    Doomed,
    delete,
    keep_records,
    names_of,
    refuse_unconfirmed,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.mothership_server import (
    CHILDREN,
    child,
    mothership,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import api_of

PROTECTED = {PROTECTED_MARK: "true"}
FACTS = Mothership(
    others={"a": child("a"), "p": child("p", annotations=PROTECTED), "q": child("q", annotations=PROTECTED)}
)


def doomed(*names: str) -> list[Doomed]:
    return [Doomed.of(name, engine("mke-operator"), FACTS) for name in names]


def test_names_are_taken_from_text_and_from_mappings_once_each() -> None:
    assert names_of(["a", {"name": "b", "region": "eu-west-3"}, "a"]) == ["a", "b"]


@pytest.mark.parametrize("given", [[], [""], [{"region": "eu-west-3"}]])
def test_nothing_is_deleted_where_a_name_is_missing(given: list[object]) -> None:
    with pytest.raises(ChildrenError, match="name every child"):
        names_of(given)


def test_every_protected_child_that_was_not_named_is_told_at_once() -> None:
    with pytest.raises(ChildrenError, match=r"p, q are protected .* name each of them in .confirm.") as caught:
        refuse_unconfirmed(doomed("a", "p", "q"), [])
    assert caught.value.details["protected"] == ["p", "q"]
    refuse_unconfirmed(doomed("a", "p", "q"), ["p", "q"])
    refuse_unconfirmed(doomed("a", "gone"), [])


def test_a_child_tells_its_region_for_the_scan_of_the_account() -> None:
    assert [item.to_dict() for item in doomed("a", "gone")] == [
        {"name": "a", "region": "eu-west-3", "exists": True},
        {"name": "gone", "region": "", "exists": False},
    ]


def test_records_are_kept_before_anything_is_deleted() -> None:
    server = mothership(child("a"))
    api = api_of(server)
    assert [change.action for change in keep_records(api, "k0rdent", {"a": Record("eu-west-3")})] == ["created"]
    assert [change.action for change in delete(api, doomed("a", "gone"))] == ["deleted"]
    assert f"{CHILDREN}/a" not in server.objects


def test_check_mode_deletes_nothing() -> None:
    server = mothership(child("a"))
    assert [change.action for change in delete(api_of(server), doomed("a"), dry_run=True)] == ["deleted"]
    assert f"{CHILDREN}/a" in server.objects
