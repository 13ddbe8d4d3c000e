# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What converging a host does, on a host of real files."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files, launch, shared
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import converge, this_gate, this_machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.outcome import Outcome
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    DirectorySpec,
    FileSpec,
    NodeSpec,
    SharedFileSpec,
)
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import VERSION, FakeHost

NEWER = "v1.34.4+k0s.0"
TOKEN = "H4sIAAAAAAAC/a-join-token-that-nobody-may-see"


def run(host: FakeHost, spec: NodeSpec, state: str = "running", dry_run: bool = False, **values: Any) -> Outcome:
    joins = values.pop("joins", not spec.is_controller)
    return converge(Request(spec, state, joins=joins, **values), host.machine, dry_run)


def kinds(outcome: Outcome) -> List[str]:
    return [change.kind for change in outcome.changes]


def text_of(path: str) -> str:
    return Path(path).read_text()


def test_a_first_controller_is_installed_started_and_waited_for(host: FakeHost) -> None:
    spec = host.spec(arguments=("--labels=a=b",))
    outcome = run(host, spec)
    assert kinds(outcome) == ["binary", "config", "unit", "start"]
    assert host.called("k0s", "install") == [
        ["k0s", "install", "controller", "--config=/etc/k0s/k0s.yaml", f"--data-dir={spec.data_dir}", "--labels=a=b"]
    ]
    assert text_of(host.paths.config) == spec.config
    assert stat.S_IMODE(os.stat(host.paths.config).st_mode) == 0o600
    assert outcome.result()["node"] == {
        "running": True,
        "version": VERSION,
        "role": "controller",
        "ready": True,
        "started_at": 2.0,
    }


def test_the_second_run_changes_nothing(host: FakeHost) -> None:
    spec = host.spec(files=(FileSpec(host.paths_of("/etc/k0s/extra"), "x"),), environment={"A": "b c"})
    run(host, spec)
    host.forget_calls()
    outcome = run(host, spec)
    assert outcome.changes == ()
    assert host.calls == []


@pytest.mark.parametrize("state", ["prepared", "running", "staged"])
def test_check_mode_predicts_what_the_run_does_and_does_nothing(host: FakeHost, state: str) -> None:
    spec = host.spec(
        files=(FileSpec(host.paths_of("/etc/k0s/extra"), "x"),),
        shared_files=(SharedFileSpec(host.paths_of("/var/lib/k0s/encryption.cfg"), "encryption-config"),),
        environment={"A": "b"},
    )
    before = sorted(str(path) for path in host.root.rglob("*"))
    predicted = run(host, spec, state, dry_run=True)
    assert sorted(str(path) for path in host.root.rglob("*")) == before
    assert host.calls == []
    done = run(host, spec, state)
    assert done.changes == predicted.changes
    assert done.staged == predicted.staged
    assert run(host, spec, state).changes == ()


def test_a_prepared_host_is_not_started(host: FakeHost) -> None:
    spec = host.spec()
    assert kinds(run(host, spec, "prepared")) == ["binary", "config", "unit"]
    assert host.state["starts"] == 0
    assert kinds(run(host, spec)) == ["start"]


def test_a_host_that_runs_is_prepared_by_putting_the_binary_beside(host: FakeHost) -> None:
    run(host, host.spec())
    newer = replace(host.spec(version=NEWER), config="spec: {}\n")
    outcome = run(host, newer, "prepared")
    assert [change.target for change in outcome.changes] == [outcome.staged]
    assert outcome.staged.endswith(".staged")
    assert text_of(host.paths.config) == host.spec().config
    assert host.state["starts"] == 1
    assert run(host, host.spec(), "prepared").changes == ()
    assert kinds(run(host, newer)) == ["binary", "config", "restart"]
    assert not os.path.exists(outcome.staged)


def test_the_installed_binary_is_the_staged_one_where_it_is_wanted(host: FakeHost) -> None:
    run(host, host.spec())
    assert run(host, host.spec(), "staged").staged == host.spec().binary.path


def test_a_worker_joins_with_its_token_and_forgets_it(host: FakeHost) -> None:
    spec = host.spec("worker")
    run(host, spec, "prepared")
    assert host.called("k0s", "install")[0][-1] == f"--token-file={host.paths.token}"
    seen: List[str] = []
    host.never_answers = True

    def answer(now: float) -> None:
        seen.append(text_of(host.paths.token))
        host.never_answers = False

    host.time.on_sleep.append(answer)
    run(host, spec, token=TOKEN)
    assert seen == [TOKEN + "\n"]
    assert stat.S_IMODE(os.stat(host.paths.token).st_mode) == 0o600
    assert text_of(host.paths.token) == launch.SPENT_TOKEN + "\n"
    assert len(host.called("k0s", "install")) == 1


def test_a_controller_prepared_before_it_was_known_to_join_gets_its_token_file(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec, "prepared")
    run(host, spec, token=TOKEN, joins=True)
    assert host.called("k0s", "install")[-1][-2:] == [f"--token-file={host.paths.token}", "--force"]


def test_a_leader_prepared_as_a_joining_host_does_not_join(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec, "prepared", joins=True)
    run(host, spec, joins=False)
    assert not any("--token-file" in item for item in host.called("k0s", "install")[-1])


def test_a_host_that_has_to_join_without_a_token_is_left_untouched(host: FakeHost) -> None:
    with pytest.raises(K0sError, match="n1 was not changed: it has to join the cluster and there is no token"):
        run(host, host.spec("worker"))
    assert host.calls == []


def test_a_joined_host_needs_no_token(host: FakeHost) -> None:
    spec = host.spec("worker")
    run(host, spec, token=TOKEN)
    host.set(active=False)
    assert kinds(run(host, spec)) == ["start"]


def test_a_changed_config_is_checked_by_k0s_before_it_replaces_the_old_one(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec)
    with pytest.raises(K0sError, match=r'refuses the new configuration, the one in use is as it was: .*field "bogus"'):
        run(host, replace(spec, config="bogus: 1\n"))
    assert text_of(host.paths.config) == spec.config
    assert host.state["starts"] == 1
    assert sorted(os.listdir(os.path.dirname(host.paths.config))) == ["k0s.yaml", "mke4k.json"]


def test_a_new_config_is_checked_with_the_new_binary_before_either_is_in_place(host: FakeHost) -> None:
    run(host, host.spec())
    newer = replace(host.spec(version=NEWER), config="bogus: 1\n")
    with pytest.raises(K0sError, match="refuses the new configuration"):
        run(host, newer)
    assert Path(newer.binary.path).read_bytes() == host.k0s()
    assert kinds(run(host, replace(newer, config="good: 1\n"))) == ["binary", "config", "restart"]


def test_a_changed_config_restarts_once(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec)
    pid = host.state["pid"]
    outcome = run(host, replace(spec, config="other: 1\n"))
    assert kinds(outcome) == ["config", "restart"]
    assert host.state["pid"] == pid + 1
    assert "API is away for about 5 s" in outcome.warnings[0]


def test_a_controller_that_restarted_is_done_when_the_api_is_ready_where_others_join_it(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec)
    host.join_answers = ["no answer"]
    run(host, replace(spec, config="other: 1\n"), join_address="api.example.com:6443")
    assert host.joined_at == ["api.example.com:6443"] * 2
    run(host, replace(spec, config="other: 1\n"), join_address="api.example.com:6443")
    assert len(host.joined_at) == 2


def test_what_is_missing_where_others_join_is_told_in_the_end(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec)
    host.join_answers = ["the API cannot be used at the address where others join it: x"] * 1000
    with pytest.raises(K0sError, match="where others join it: x"):
        run(host, replace(spec, config="other: 1\n"), join_address="api.example.com:6443")


def test_changed_flags_rewrite_the_unit_and_restart(host: FakeHost) -> None:
    spec = host.spec("worker")
    run(host, spec, token=TOKEN)
    assert kinds(run(host, replace(spec, arguments=("--profile=big",)))) == ["unit", "restart"]
    argv = host.called("k0s", "install")[-1]
    assert argv[-2:] == ["--profile=big", "--force"]


def test_a_unit_that_k0s_could_not_rewrite_is_put_back(host: FakeHost) -> None:
    spec = host.spec("worker")
    run(host, spec, token=TOKEN)
    unit = Path(host.paths.systemd_units, "k0sworker.service")
    before = unit.read_text()
    host.set(install_breaks=True)
    with pytest.raises(K0sError, match=r"install worker .* failed with 1: Error: disk full"):
        run(host, replace(spec, arguments=("--profile=big",)))
    assert unit.read_text() == before


def test_a_changed_environment_is_known_before_the_restart(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec)
    assert host.called("systemctl", "daemon-reload") == []
    run(host, replace(spec, environment={"A": "b"}))
    order = [call[1] for call in host.calls if call[0] == "systemctl"]
    assert order.index("daemon-reload") < order.index("restart")


def test_a_disabled_unit_is_enabled_again(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec)
    host.set(enabled=False)
    assert kinds(run(host, spec)) == ["enable"]
    assert host.state["enabled"]


def test_no_secret_is_in_a_command_line(host: FakeHost) -> None:
    secrets = [TOKEN, "the-content-of-a-file", "the-password-of-a-proxy", "a-key-in-the-config"]
    spec = host.spec(
        "controller+worker",
        config=f"key: {secrets[3]}\n",
        files=(FileSpec(host.paths_of("/etc/k0s/auth"), secrets[1], secret=True),),
        environment={"HTTPS_PROXY": f"http://me:{secrets[2]}@proxy"},
    )
    run(host, spec, "prepared", joins=True)
    run(host, spec, joins=True, token=TOKEN)
    run(host, replace(spec, config=f"other: {secrets[3]}\n"), joins=True)
    assert host.calls
    for secret in secrets:
        assert secret not in json.dumps(host.calls)
    for path in host.root.rglob("*"):
        if path.is_file() and any(secret in path.read_text() for secret in secrets):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_encryption_key_is_made_once_on_the_leader(host: FakeHost) -> None:
    path = host.paths_of("/var/lib/k0s/encryption.cfg")
    spec = host.spec(shared_files=(SharedFileSpec(path, "encryption-config"),))
    run(host, spec)
    made = text_of(path)
    assert "aescbc" in made
    run(host, replace(spec, config="other: 1\n"))
    assert text_of(path) == made


def test_a_joining_controller_gets_the_leaders_key(host: FakeHost) -> None:
    path = host.paths_of("/var/lib/k0s/encryption.cfg")
    spec = host.spec(shared_files=(SharedFileSpec(path, "encryption-config"),))
    with pytest.raises(K0sError, match=r"encryption\.cfg is missing and was not copied from the leader"):
        run(host, spec, joins=True, token=TOKEN)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("of an earlier cluster")
    run(host, spec, joins=True, token=TOKEN, shared={path: "of the leader"})
    assert text_of(path) == "of the leader"


def test_a_joining_controller_is_prepared_before_the_leaders_key_is_known(host: FakeHost) -> None:
    path = host.paths_of("/var/lib/k0s/encryption.cfg")
    spec = host.spec(shared_files=(SharedFileSpec(path, "encryption-config"),))
    assert kinds(run(host, spec, "prepared", joins=True)) == ["binary", "config", "unit"]
    assert not os.path.exists(path)
    assert kinds(run(host, spec, joins=True, token=TOKEN, shared={path: "of the leader"})) == ["file", "start"]


def test_a_folder_is_made_before_the_start_and_needs_no_restart(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec)
    path = host.paths_of("/var/log/k0s/audit")
    spec = replace(spec, directories=(DirectorySpec(path),))
    assert kinds(run(host, spec)) == ["directory"]
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
    assert run(host, spec).changes == ()


def test_each_key_is_another() -> None:
    assert shared.encryption_config() != shared.encryption_config()
    with pytest.raises(K0sError, match="'passwords' is unknown"):
        shared.content_for(SharedFileSpec("/x", "passwords"), {}, joins=False)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("worker", "has the service k0scontroller and cannot become a worker"),
        ("single", "runs as a member of a cluster and cannot become a single: their storage differs"),
    ],
)
def test_another_role_is_refused(host: FakeHost, wanted: str, words: str) -> None:
    run(host, host.spec())
    for state in ("prepared", "running"):
        with pytest.raises(K0sError, match=words):
            run(host, host.spec(wanted, arguments=("--single=true",) if wanted == "single" else ()), state)


def test_a_downgrade_and_a_leap_are_refused(host: FakeHost) -> None:
    run(host, host.spec())
    for version in ("v1.32.1+k0s.0", "v1.35.1+k0s.0"):
        with pytest.raises(K0sError, match="n1 was not changed: v1"):
            run(host, host.spec(version=version))


def test_another_data_folder_is_refused(host: FakeHost) -> None:
    run(host, host.spec())
    state = host.read_state(host.spec())
    host.read_state = lambda spec: state  # type: ignore[method-assign]
    with pytest.raises(K0sError, match="keeps its data in"):
        run(host, host.spec(data_dir="/elsewhere/k0s"))


def test_a_k0s_without_a_unit_is_refused(host: FakeHost) -> None:
    run(host, host.spec())
    state = replace(host.read_state(host.spec()), service=None)
    host.read_state = lambda spec: state  # type: ignore[method-assign]
    with pytest.raises(K0sError, match=r"runs \(process 101\) without a service k0scontroller"):
        run(host, host.spec())


def test_a_k0s_of_another_kind_is_refused(host: FakeHost) -> None:
    run(host, host.spec())
    state = host.read_state(host.spec())
    assert state.running is not None
    state = replace(state, running=replace(state.running, role="worker"))
    host.read_state = lambda spec: state  # type: ignore[method-assign]
    with pytest.raises(K0sError, match="k0s runs as worker and cannot become a controller"):
        run(host, host.spec())


def three_members(silent: bool) -> dict[str, Any]:
    members = [
        {"id": str(n), "name": f"c{n}", "peer_url": f"https://10.0.0.{n}:2380", "answers": not (silent and n == 3)}
        for n in (1, 2, 3)
    ]
    return {"member_id": "1", "healthy": True, "members": members, "error": ""}


def test_a_controller_waits_for_a_silent_member_before_it_restarts(host: FakeHost) -> None:
    host.etcd = three_members(silent=False)
    run(host, host.spec())
    host.etcd = three_members(silent=True)
    started = host.time.now()

    def back(now: float) -> None:
        if now - started > 6:
            host.etcd = three_members(silent=False)

    host.time.on_sleep.append(back)
    outcome = run(host, replace(host.spec(), config="other: 1\n"))
    assert kinds(outcome) == ["config", "restart"]
    assert outcome.warnings == ()


def test_a_controller_does_not_restart_without_quorum_and_nothing_is_written(host: FakeHost) -> None:
    host.etcd = three_members(silent=False)
    run(host, host.spec())
    host.etcd = three_members(silent=True)
    with pytest.raises(K0sError, match=r"n1 was not restarted: the etcd member c3 \(10\.0\.0\.3\).* does not answer"):
        run(host, replace(host.spec(), config="other: 1\n"))
    assert text_of(host.paths.config) == host.spec().config
    assert host.state["starts"] == 1


def test_a_controller_that_does_not_serve_is_restarted_after_a_while(host: FakeHost) -> None:
    host.etcd = three_members(silent=False)
    run(host, host.spec())
    host.etcd = {**three_members(silent=False), "healthy": False, "error": "timed out"}

    def heals(now: float) -> None:
        if host.state["starts"] == 2:
            host.etcd = three_members(silent=False)

    host.time.on_sleep.append(heals)
    outcome = run(host, replace(host.spec(), config="other: 1\n"))
    assert "etcd on n1 does not serve" in outcome.warnings[0]


def test_a_run_that_was_ended_before_the_wait_waits_again(host: FakeHost) -> None:
    spec = host.spec()
    run(host, spec)
    host.node = {"ready": False, "reason": "KubeletNotReady", "message": "starting"}
    host.time.on_sleep.append(lambda now: setattr(host, "node", {"ready": True}))
    outcome = run(host, host.spec())
    assert outcome.changes == ()
    assert host.time.pauses != []


def test_a_run_that_was_ended_before_the_restart_restarts(host: FakeHost) -> None:
    run(host, host.spec())
    host.set(pending=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(host), "pending", property(lambda self: self.state["starts"] == 1))
        assert kinds(run(host, host.spec())) == ["restart"]


def test_a_process_with_an_old_token_is_restarted_with_the_new_one(host: FakeHost) -> None:
    spec = host.spec("worker")
    run(host, spec, "prepared")
    host.set(active=True, starts=1)
    host.never_answers = True
    host.time.on_sleep.append(lambda now: setattr(host, "never_answers", False))
    run(host, spec, token=TOKEN)
    assert host.called("systemctl", "restart") == [["systemctl", "restart", "k0sworker.service"]]


@pytest.mark.parametrize("step", range(14))
def test_a_run_killed_anywhere_is_finished_by_the_next(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    class Killed(BaseException):
        pass

    spec = host.spec(
        files=(FileSpec(host.paths_of("/etc/k0s/extra"), "x"),),
        shared_files=(SharedFileSpec(host.paths_of("/var/lib/k0s/encryption.cfg"), "encryption-config"),),
        environment={"A": "b"},
    )
    count = 0
    replace_file, original_run = os.replace, files.write

    def dies(*args: Any, **values: Any) -> None:
        nonlocal count
        count += 1
        if count == step:
            raise Killed
        replace_file(*args, **values)

    def dies_at_write(*args: Any, **values: Any) -> None:
        nonlocal count
        count += 1
        if count == step:
            raise Killed
        original_run(*args, **values)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dies)
        patch.setattr(files, "write", dies_at_write)
        with contextlib.suppress(Killed):
            run(host, spec)
    run(host, spec)
    assert run(host, spec).changes == ()
    leftovers = [path.name for path in host.root.rglob("*") if ".mke4k-" in path.name or path.name.endswith(".staged")]
    assert leftovers == []


def test_what_k0s_was_started_on_is_noted(host: FakeHost) -> None:
    spec = host.spec(files=(FileSpec(host.paths_of("/a"), "x"), FileSpec(host.paths_of("/b"), "y", restart=False)))
    host.set(pid=os.getpid() - 1)
    run(host, spec)
    noted = json.loads(text_of(host.paths.receipt))["running"]
    assert f":{os.getpid()}:" in noted["start_id"]
    assert set(noted["parts"]) == {"binary", "config", "unit", host.paths_of("/a")}


def test_the_module_looks_at_the_host_it_runs_on() -> None:
    assert this_machine().paths.config == "/etc/k0s/k0s.yaml"
    gate = this_gate("/nowhere/k0s", "/nowhere/data", 7)
    assert (gate.binary, gate.data_dir, gate.timeout) == ("/nowhere/k0s", "/nowhere/data", 7)


def test_a_difference_shows_texts_but_no_secrets(host: FakeHost) -> None:
    path = host.paths_of("/etc/k0s/extra")
    secret = host.paths_of("/etc/k0s/auth")
    spec = host.spec(files=(FileSpec(path, "new\n"), FileSpec(secret, "hidden words\n", secret=True)))
    outcome = run(host, spec, dry_run=True)
    shown = outcome.result(diff=True)["diff"]
    assert [item["after_header"] for item in shown] == [path, host.paths.config, "k0s"]
    assert shown[0] == {"before": "", "after": "new\n", "before_header": path, "after_header": path}
    assert "hidden words" not in json.dumps(shown)
    assert "diff" not in outcome.result()
