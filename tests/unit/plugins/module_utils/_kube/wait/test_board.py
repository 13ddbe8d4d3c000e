# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Board, Lack, Selection, Stream, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import absent, exists, field

NODES = Kind("v1", "Node")
UI = Ref("apps/v1", "Deployment", "ui", "mke")
API = Ref("apps/v1", "Deployment", "api", "mke")


def node(name: str, phase: str = "up") -> Dict[str, Any]:
    return {"metadata": {"name": name}, "status": {"phase": phase}}


def deployment(name: str) -> Dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "mke"}}


def test_objects_of_a_kind_and_namespace_share_one_watch_and_a_single_one_is_watched_by_its_name() -> None:
    deployments = Kind("apps/v1", "Deployment")
    both = Board([Wanted(UI, exists()), Wanted(API, exists()), Wanted(UI, exists())])
    assert both.streams == [Stream(deployments, "mke")]
    one = Board(
        [Wanted(UI, exists()), Wanted(Selection(NODES), exists()), Wanted(Selection(NODES, "", "a=b"), exists())]
    )
    assert one.streams == [Stream(deployments, "mke", "", "ui"), Stream(NODES, ""), Stream(NODES, "", "a=b")]
    assert [str(stream) for stream in one.streams][:2] == ["Deployment ui in mke", "Node"]


def test_an_object_may_be_wanted_beside_a_selection_that_holds_it() -> None:
    board = Board([Wanted(Ref("v1", "Node", "n1"), exists()), Wanted(Selection(NODES), exists())])
    board.replace(board.streams[0], [node("n1")])
    assert board.streams == [Stream(NODES, "")]
    assert board.lacking() == []


def test_a_selection_lacks_every_object_that_fails_its_check_and_those_that_are_too_few() -> None:
    board = Board([Wanted(Selection(NODES, at_least=3), field("status.phase", "up"))])
    (stream,) = board.streams
    assert board.lacking() == [Lack("Node objects", "there are none yet")]
    board.replace(stream, [node("n1"), node("n2", "down")])
    assert board.lacking() == [
        Lack("Node objects", "there are 2, 3 are needed"),
        Lack("Node n2", "status.phase is down, not up"),
    ]
    board.take(stream, "MODIFIED", node("n2"))
    board.take(stream, "ADDED", node("n3"))
    assert board.lacking() == []
    assert [ref.name for ref in board.objects()] == ["n1", "n2", "n3"]
    board.take(stream, "DELETED", node("n3"))
    assert board.lacking() == [Lack("Node objects", "there are 2, 3 are needed")]


def test_a_new_list_replaces_what_was_known() -> None:
    board = Board([Wanted(Selection(NODES, at_least=0), absent())])
    (stream,) = board.streams
    board.replace(stream, [node("n1")])
    assert [lack.name for lack in board.lacking()] == ["Node n1"]
    board.replace(stream, [])
    assert board.lacking() == []
    assert board.objects() == {}


def test_a_bookmark_is_no_object() -> None:
    board = Board([Wanted(Selection(NODES, at_least=0), absent())])
    board.take(board.streams[0], "BOOKMARK", {"metadata": {"resourceVersion": "7"}})
    assert board.objects() == {}


def test_what_is_wanted_has_a_name_for_people() -> None:
    board = Board([Wanted(UI, exists(), label="the user interface"), Wanted(API, exists())])
    assert [lack.name for lack in board.lacking()] == ["the user interface", "Deployment mke/api"]
    selection = Selection(Kind("v1", "Pod"), "mke", "app=ui")
    assert str(Wanted(selection, exists())) == "Pod objects in mke with app=ui"
    assert board.namespaces() == ["mke"]


def test_failures_are_told_apart_from_what_may_still_come() -> None:
    board = Board([Wanted(Selection(NODES), field("status.phase", "up", ["dead"]))])
    board.replace(board.streams[0], [node("n1", "down"), node("n2", "dead"), deployment("x")])
    assert board.failed() == [Lack("Node n2", "status.phase is dead")]
