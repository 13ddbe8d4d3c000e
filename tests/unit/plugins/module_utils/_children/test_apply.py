# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.apply import all_of, send, without_cluster
from ansible_collections.mke4k.core.plugins.module_utils._children.engines import engine
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child
from ansible_collections.mke4k.core.plugins.module_utils._children.mothership import read_mothership
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.mothership_server import child, mothership
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import api_of, refused

ENGINE = engine("mke-operator")
SPEC = child()["spec"]


def managed(name: str) -> dict[str, Any]:
    """As this collection has applied it before."""
    fields: dict[str, Any] = {
        "f:spec": {
            "f:version": {},
            "f:infrastructure": {"f:provider": {}, "f:credential": {}, "f:region": {}},
        }
    }
    owned = [{"manager": "mke4k.core", "operation": "Apply", "fieldsV1": fields}]
    return child(name, managedFields=owned)


def test_what_is_as_it_should_be_costs_no_request() -> None:
    server = mothership(managed("a"))
    facts = read_mothership(api_of(server), "mke-operator")
    api = api_of(server)
    sent = send(api, [Child("a", SPEC)], ENGINE, facts)
    assert [(one.action, one.changed, one.generation) for one in sent] == [("unchanged", False, 1)]
    assert api.requests == 0


def test_every_child_that_differs_costs_one_request() -> None:
    server = mothership(managed("a"))
    facts = read_mothership(api_of(server), "mke-operator")
    api = api_of(server)
    sent = send(api, [Child("a", SPEC), Child("b", SPEC), Child("c", SPEC)], ENGINE, facts)
    assert [one.action for one in sent] == ["unchanged", "created", "created"]
    assert api.requests == 2
    assert all_of(sent).changed
    assert [change.ref.name for change in all_of(sent).changes] == ["a", "b", "c"]


def test_one_refused_child_does_not_stop_the_others() -> None:
    server = mothership()
    facts = read_mothership(api_of(server), "mke-operator")
    server.troubles = [refused(422, "Invalid", "spec.infrastructure.provider: Invalid value")]
    sent = send(api_of(server), [Child(name, SPEC) for name in "ab"], ENGINE, facts)
    assert sorted(one.action for one in sent) == ["created", "refused"]
    assert [one.changed for one in sent if one.refusal] == [False]


def test_check_mode_before_there_is_a_mothership_predicts_everything_as_made() -> None:
    facts = read_mothership(api_of(mothership()), "mke-operator")
    sent = without_cluster([Child("a", SPEC)], ENGINE, facts)
    assert [(one.action, one.changed) for one in sent] == [("created", True)]
    assert sent[0].diffs()[0]["after"]["spec"]["infrastructure"]["region"] == "eu-west-3"
