# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action import drift_report
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable
from ansible_collections.mke4k.core.plugins.plugin_utils._drift import (
    DRIFTED,
    LINES,
    UNKNOWN,
    Row,
    host_rows,
    layer_rows,
    message,
    status_of,
    stranger_rows,
    text,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars

CHANGE = {"kind": "config", "target": "/etc/k0s/k0s.yaml", "detail": "changes"}
STATES: dict[str, Any] = {
    "10.0.0.1": {"hostname": "n1", "etcd": {"members": [{"id": "1", "name": "n1"}]}},
    "10.0.0.2": {"hostname": "two", "node": {"name": "n2"}},
}


def node(name: str) -> dict[str, Any]:
    return {"metadata": {"name": name}}


def test_what_an_installation_would_change_is_a_difference_and_what_was_not_read_is_unknown() -> None:
    findings = [
        {"severity": "error", "name": "version-changes", "path": "host n1", "message": "runs another k0s"},
        {"severity": "error", "name": "host-not-read", "path": "host n2", "message": "is unreachable"},
        {"severity": "error", "name": "pod-cidr", "path": "", "message": "differs"},
        {"severity": "warning", "name": "swap", "path": "host n1", "message": "has swap"},
    ]
    plan = {"plan": {"hosts": {"n1": {"changes": [CHANGE]}, "n2": {"changes": []}}}, "findings": findings}
    assert list(host_rows(plan)) == [
        Row("k0s", "n1", "config /etc/k0s/k0s.yaml: changes"),
        Row("k0s", "n1", "runs another k0s [version-changes]"),
        Row("k0s", "n2", "is unreachable [host-not-read]", UNKNOWN),
        Row("k0s", "the cluster", "differs [pod-cidr]"),
    ]


def test_members_that_no_host_of_the_file_is_are_differences() -> None:
    states = {
        **STATES,
        "10.0.0.1": {"hostname": "n1", "etcd": {"members": [{"id": "1", "name": "n1"}, {"id": "2", "name": "old"}]}},
    }
    rows = list(stranger_rows(["10.0.0.1", "10.0.0.2"], states, [node("n1"), node("n2"), node("n9")]))
    assert [(row.object, row.status) for row in rows] == [("n9", DRIFTED), ("old", DRIFTED)]


def test_a_member_may_be_a_host_that_could_not_be_read() -> None:
    rows = list(stranger_rows(["10.0.0.1", "10.0.0.2", "10.0.0.3"], STATES, [node("n3")]))
    assert [(row.object, row.status) for row in rows] == [("n3", UNKNOWN)]
    assert "may be 10.0.0.3" in rows[0].what
    assert list(stranger_rows(["10.0.0.1", "10.0.0.2"], STATES, None)) == []


@pytest.mark.parametrize(
    ("result", "rows"),
    [
        (None, []),
        ({"skipped": True}, []),
        ({"changed": False, "diff": [{"before": "a", "after": "a"}]}, []),
        ({"failed": True, "msg": "no\nanswer"}, [Row("calico", "calico", "could not be compared: no answer", UNKNOWN)]),
        ({"changed": True}, [Row("calico", "calico", "would be changed")]),
        ({"changed": True, "differences": ["mtu is 1400"], "lacking": ["typha"]},
         [Row("calico", "calico", "mtu is 1400"), Row("calico", "calico", "typha")]),
        ({"changed": True, "diff": {"after_header": "Chart a", "before": "", "after": "x"}},
         [Row("calico", "Chart a", "is missing")]),
        ({"changed": True, "diff": [{"before_header": "Chart b", "before": "x", "after": ""}]},
         [Row("calico", "Chart b", "would be removed")]),
        ({"changed": True, "diff": [{"after_header": "Chart c", "before": "a: 1\nb: 2\n", "after": "a: 1\nb: 3\n"}]},
         [Row("calico", "Chart c", "-b: 2\n+b: 3")]),
    ],
)  # fmt: skip
def test_what_a_layer_would_change_are_its_differences(result: Any, rows: list[Row]) -> None:
    assert list(layer_rows("calico", result)) == rows


def test_of_an_object_only_the_values_that_differ_are_told_and_where_they_are() -> None:
    before = {"kind": "Thing", "spec": {"workers": [{"number": 1, "type": "m5"}], "note": "one\ntwo", "tags": {}}}
    after = {"spec": {"tags": {}, "note": "one\nthree", "workers": [{"type": "m5", "number": 2}]}, "kind": "Thing"}
    (row,) = layer_rows("children", {"diff": [{"after_header": "Thing a", "before": before, "after": after}]})
    assert row.what.splitlines() == ["-two", "+three", "-spec.workers[0].number: 1", "+spec.workers[0].number: 2"]


def test_a_long_difference_is_shortened() -> None:
    before = "".join(f"{n}\n" for n in range(100))
    (row,) = layer_rows("mke", {"diff": [{"before": before, "after": "x"}]})
    assert len(row.what.splitlines()) == LINES + 1
    assert row.what.endswith(f"({101 - LINES} more lines)")


def test_a_difference_weighs_more_than_what_nobody_knows() -> None:
    drifted, unknown = Row("k0s", "n1", "x"), Row("k0s", "n2", "y", UNKNOWN)
    assert (status_of([]), status_of([unknown]), status_of([unknown, drifted])) == ("same", "unknown", "drifted")
    assert message(DRIFTED, [drifted]) == "The cluster differs from mke4.yaml in 1 place"
    assert message(UNKNOWN, [unknown, unknown]) == "2 parts of the cluster could not be compared with mke4.yaml"


def test_lines_of_a_difference_stand_below_each_other() -> None:
    assert text([Row("mke", "MkeConfig", "-a\n+b"), Row("k0s", "n2", "y", UNKNOWN)]) == [
        "LAYER  OBJECT     DIFFERENCE (- is, + should be)",
        "mke    MkeConfig  -a",
        "                  +b",
        "k0s    n2         (unknown) y",
    ]
    assert text([]) == ["Everything is as mke4.yaml says."]


class Api:
    requests = 1

    def __init__(self, *names: str, problem: str = "") -> None:
        self.names, self.problem = names, problem

    def list(self, _kind: Any) -> Any:
        if self.problem:
            raise NotReachable(self.problem)
        return SimpleNamespace(items=[node(name) for name in self.names])


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, api: Api, **arguments: Any) -> dict[str, Any]:
    monkeypatch.setattr(KubeAction, "_open", lambda _self: api)
    given = {
        "config": config(host("10.0.0.1"), host("10.0.0.2", "worker")),
        "plan": {"plan": {"hosts": {}}, "findings": []},
        "nodes": {name: {"node": state} for name, state in STATES.items()},
        **arguments,
    }
    plugin = action(drift_report.ActionModule, folder, given)
    return dict(json.loads(json.dumps(plugin.run(task_vars=task_vars(folder)))))


def test_a_cluster_that_is_as_the_file_says_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(tmp_path, monkeypatch, Api("n1", "n2"))
    assert (found["status"], found["differences"], found["message"]) == ("same", [], "")
    assert not found.get("failed")
    assert not found["changed"]


def test_a_difference_fails_and_is_written_for_a_monitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dest = tmp_path / "report.json"
    found = run(tmp_path, monkeypatch, Api("n1", "n2", "n9"), dest=str(dest), layers={"calico": {"changed": True}})
    assert found["failed"]
    assert "differs from mke4.yaml in 2 places" in found["msg"]
    written = json.loads(dest.read_text())
    assert written["status"] == "drifted"
    assert [row["object"] for row in written["differences"]] == ["n9", "calico"]
    assert written["time"].endswith("Z")
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600


def test_it_does_not_fail_where_that_is_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(tmp_path, monkeypatch, Api("n9"), fail=False)
    assert not found.get("failed")
    assert found["message"]


def test_an_api_that_does_not_answer_leaves_a_part_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(tmp_path, monkeypatch, Api(problem="nobody\nanswers"), layers={"mke": "no result"})
    assert found["status"] == "unknown"
    assert found["differences"][0]["what"] == "could not be compared: nobody answers"


@pytest.mark.parametrize("breaks", ["folder", "write"])
def test_a_report_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: str) -> None:
    def full(_path: str, _text: str) -> None:
        raise OSError(28, "No space left on device")

    dest = tmp_path if breaks == "folder" else tmp_path / "report.json"
    if breaks == "write":
        monkeypatch.setattr(drift_report, "write_private", full)
    with pytest.raises(AnsibleError, match="mke4k_drift_report"):
        run(tmp_path, monkeypatch, Api("n1"), dest=str(dest))
