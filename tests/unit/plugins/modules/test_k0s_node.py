# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules as Ansible calls them: options in, JSON out."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.join import Gate
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.modules import k0s_join, k0s_node
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import VERSION, FakeHost
from ansible_collections.mke4k.core.tests.unit.plugins.modules.arguments import patch_module_args

SECRETS = ("a-join-token-nobody-sees", "a-file-nobody-sees\nat-all", "a-config-nobody-sees\nat-all", "hunter2-of-proxy")


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    made = FakeHost(tmp_path / "host")
    monkeypatch.setenv("PATH", f"{made.bin}:{os.environ['PATH']}")
    monkeypatch.setattr(files, "user_id", lambda name: os.getuid())
    monkeypatch.setattr(files, "group_id", lambda name: os.getgid())
    monkeypatch.setattr(k0s_node, "this_machine", lambda: made.machine)
    return made


def call(module: Any, capsys: pytest.CaptureFixture[str], rc: int = 0, **args: Any) -> Dict[str, Any]:
    with patch_module_args(args), pytest.raises(SystemExit) as ended:
        module.main()
    assert ended.value.code == rc
    return dict(json.loads(capsys.readouterr().out))


def options(host: FakeHost, **values: Any) -> Dict[str, Any]:
    binary = host.binary_spec()
    return {
        "role": "worker",
        "version": VERSION,
        "binary": {"path": binary.path, "staged": binary.staged, "sha256": binary.sha256},
        "data_dir": host.paths_of("/var/lib/k0s"),
        "token": SECRETS[0],
        "files": [{"path": host.paths_of("/etc/k0s/auth"), "content": SECRETS[1], "owner": "root"}],
        "environment": {"HTTPS_PROXY": f"http://me:{SECRETS[3]}@proxy", "A": "root"},
        **values,
    }


def test_a_worker_is_converged_and_the_keys_are_always_the_same(
    host: FakeHost, capsys: pytest.CaptureFixture[str]
) -> None:
    done = call(k0s_node, capsys, **options(host))
    assert done["changed"] is True
    assert [change["kind"] for change in done["changes"]] == ["binary", "file", "unit", "start"]
    assert done["node"] == {"running": True, "version": VERSION, "role": "worker", "ready": True, "started_at": 2.0}
    again = call(k0s_node, capsys, **options(host))
    assert (again["changed"], again["changes"]) == (False, [])
    for result in (done, again):
        assert set(result) - {"invocation", "warnings"} == {"changed", "changes", "node", "staged"}


def test_no_secret_is_in_the_result_and_no_innocent_word_is_masked(
    host: FakeHost, capsys: pytest.CaptureFixture[str]
) -> None:
    done = call(k0s_node, capsys, _ansible_diff=True, **options(host))
    for secret in SECRETS:
        assert secret not in json.dumps(done)
        assert secret.splitlines()[0] not in json.dumps(done.get("invocation", {}))
    # Newer Ansible repeats the options only when it is asked to.
    for repeated in [done["invocation"]["module_args"]] if "invocation" in done else []:
        assert repeated["files"][0]["owner"] == "root"
    assert "diff" in done


def test_no_secret_is_in_the_systems_log(
    host: FakeHost, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = []
    monkeypatch.setattr(
        "ansible.module_utils.basic.AnsibleModule.log", lambda self, msg, log_args=None: logged.append(msg)
    )
    call(k0s_node, capsys, **options(host, role="controller", config=SECRETS[2], joins=True))
    assert logged
    for secret in SECRETS:
        assert secret.splitlines()[0] not in "".join(logged)


def test_check_mode_changes_nothing(host: FakeHost, capsys: pytest.CaptureFixture[str]) -> None:
    done = call(k0s_node, capsys, _ansible_check_mode=True, **options(host))
    assert done["changed"] is True
    assert done["node"]["running"] is False
    assert host.calls == []


def test_a_failure_is_a_message(host: FakeHost, capsys: pytest.CaptureFixture[str]) -> None:
    failed = call(k0s_node, capsys, rc=1, **options(host, token="", environment={"A": "b\nc"}))
    assert "the value of A has a line break" in failed["msg"]
    failed = call(k0s_node, capsys, rc=1, state="running")
    assert "role, version" in failed["msg"]


def test_a_warning_is_ansibles_own(
    host: FakeHost, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: List[str] = []
    monkeypatch.setattr("ansible.module_utils.basic.AnsibleModule.warn", lambda self, text: warned.append(text))
    values = options(host, role="controller", config=SECRETS[2], token=None)
    call(k0s_node, capsys, **values)
    assert warned == []
    call(k0s_node, capsys, **{**values, "config": "another-config"})
    assert "the Kubernetes API is away for about 5 s" in warned[0]


class FakeGate(Gate):
    def present(self, roles: Any, expiry: str, shared_files: Any) -> Dict[str, Any]:
        if expiry == "never":
            raise K0sError("k0s does not know the expiry never")
        return {"tokens": {role: {"token": "t", "id": "i"} for role in roles}, "ids": ["i"], "shared": [], "etcd": {}}

    def absent(self, ids: Any, dry_run: bool = False) -> list[str]:
        return [item for item in ids if item != "gone"]


@pytest.fixture
def _gate(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(k0s_join, "this_gate", lambda *args: FakeGate(host.time.clock, lambda: None))


@pytest.mark.usefixtures("_gate")
@pytest.mark.parametrize(
    ("args", "changed", "ids", "tokens"),
    [
        ({"roles": ["worker"]}, True, ["i"], {"worker": {"token": "t", "id": "i"}}),
        ({"roles": ["worker"], "_ansible_check_mode": True}, True, [], {"worker": {"token": "", "id": ""}}),
        ({"roles": [], "shared_files": ["/a"]}, False, ["i"], {}),
        ({"state": "absent", "ids": ["i", "gone"]}, True, ["i"], {}),
        ({"state": "absent", "ids": ["gone"]}, False, [], {}),
        ({"state": "absent", "ids": ["i"], "_ansible_check_mode": True}, True, ["i"], {}),
    ],
)
def test_a_cluster_is_opened_and_closed(
    capsys: pytest.CaptureFixture[str], args: Dict[str, Any], changed: bool, ids: Any, tokens: Any
) -> None:
    done = call(k0s_join, capsys, **args)
    assert (done["changed"], done["ids"], done["tokens"]) == (changed, ids, tokens)
    assert set(done) - {"invocation"} == {"changed", "tokens", "ids", "shared", "etcd"}


@pytest.mark.usefixtures("_gate")
def test_a_closed_door_is_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    failed = call(k0s_join, capsys, rc=1, roles=["worker"], expiry="never")
    assert failed["msg"] == "k0s does not know the expiry never"
