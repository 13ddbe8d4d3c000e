# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to change on one host."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Tuple

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import changes_for, flag_table, sha256_of
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    BinarySpec,
    BinaryState,
    FileSpec,
    FileState,
    NodeSpec,
    NodeState,
    ServiceState,
    SharedFileSpec,
)

from .plan.nodes import bare, converged, spec, stopped

AUDIT = FileSpec(path="/var/lib/k0s/mke4_audit_policy.yaml", content="rules: []\n")
PRESENT = FileState(path=AUDIT.path, sha256=sha256_of(AUDIT.content), mode="0600", owner="root", group="root")


def kinds(wanted: NodeSpec, state: NodeState) -> List[str]:
    return [change.kind for change in changes_for(wanted, state)]


def test_a_bare_host_gets_everything_in_the_order_it_is_done() -> None:
    wanted = spec(files=(AUDIT,), shared_files=(SharedFileSpec("/var/lib/k0s/encryption.cfg", "encryption-config"),))
    assert kinds(wanted, bare("n1")) == ["binary", "file", "file", "config", "unit", "start"]


def test_a_host_that_runs_as_wanted_changes_nothing() -> None:
    for role in ("controller", "controller+worker", "worker"):
        wanted = spec(role)
        assert changes_for(wanted, converged("n1", wanted)) == []


def test_the_order_of_flags_and_the_way_a_true_flag_is_written_do_not_matter() -> None:
    wanted = spec(arguments=("--enable-worker", "--labels=a=b"))
    service = ServiceState(
        name="k0scontroller",
        enabled=True,
        active=True,
        arguments=tuple(
            reversed(("--enable-worker=true", "--labels=a=b", "--data-dir=/var/lib/k0s", "--config=/etc/k0s/k0s.yaml"))
        ),
    )
    assert changes_for(wanted, converged("n1", wanted, service=service)) == []


@pytest.mark.parametrize(
    ("present", "detail"),
    [
        (("--profile=c",), "--profile changes from c to b"),
        ((), "--profile is added"),
        (("--profile=b", "--debug=true"), "--debug is removed"),
    ],
)
def test_a_changed_flag_restarts_the_host_and_is_named(present: Tuple[str, ...], detail: str) -> None:
    wanted = spec("worker", arguments=("--profile=b",))
    service = ServiceState(
        name="k0sworker", enabled=True, active=True, arguments=present + ("--data-dir=/var/lib/k0s",)
    )
    changes = changes_for(wanted, converged("n1", wanted, service=service))
    assert (changes[0].kind, changes[0].detail) == ("unit", detail)
    assert changes[-1].kind == "restart"


@pytest.mark.parametrize("present", [(), ("--labels=a=c",), ("--labels=a=b", "--taints=x:NoExecute")])
def test_labels_and_taints_of_a_node_that_is_there_change_without_a_restart(present: Tuple[str, ...]) -> None:
    wanted = spec("worker", arguments=("--labels=a=b", "--taints=d:NoSchedule"))
    service = ServiceState(
        name="k0sworker", enabled=True, active=True, arguments=present + ("--data-dir=/var/lib/k0s",)
    )
    assert changes_for(wanted, converged("n1", wanted, service=service)) == []
    joining = changes_for(wanted, converged("n1", wanted, service=service, joined=False, running=None))
    assert "--taints" in joining[0].detail


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"binary": BinaryState("/usr/local/bin/k0s", "a" * 64, "v1.33.12+k0s.0")}, ["binary", "restart"]),
        ({"binary": BinaryState("/usr/local/bin/k0s")}, ["binary", "restart"]),
        ({"restart_pending": True}, ["restart"]),
        ({"config": None}, ["config", "restart"]),
    ],
)
def test_what_a_running_controller_lacks_is_mended_and_it_restarts(values: dict[str, Any], expected: List[str]) -> None:
    wanted = spec()
    assert kinds(wanted, converged("n1", wanted, **values)) == expected


def test_another_build_of_the_same_version_is_noticed_when_the_digest_is_known() -> None:
    wanted = spec(binary=BinarySpec(sha256="b" * 64))
    assert kinds(wanted, converged("n1", wanted)) == ["binary", "restart"]


def test_a_unit_that_does_not_start_at_boot_is_enabled_without_a_restart() -> None:
    wanted = spec()
    state = converged("n1", wanted)
    assert state.service is not None
    assert kinds(wanted, replace(state, service=replace(state.service, enabled=False))) == ["enable"]


def test_a_stopped_host_is_started_again() -> None:
    wanted = spec()
    changes = changes_for(wanted, stopped("n1", wanted))
    assert [(change.kind, change.detail) for change in changes] == [("start", "is started")]


@pytest.mark.parametrize(
    ("state", "detail"),
    [
        (None, "is created"),
        (replace(PRESENT, sha256="0" * 64), "content changes"),
        (
            replace(PRESENT, mode="0644", owner="ops"),
            "mode changes from 0644 to 0600; owner changes from ops:root to root:root",
        ),
    ],
)
def test_a_file_differs_in_content_mode_or_owner(state: FileState, detail: str) -> None:
    wanted = spec(files=(AUDIT,))
    files = {AUDIT.path: state} if state else {}
    changes = changes_for(wanted, converged("n1", wanted, files=files))
    assert (changes[0].kind, changes[0].detail, changes[-1].kind) == ("file", detail, "restart")


def test_a_file_that_k0s_reads_on_each_use_needs_no_restart() -> None:
    wanted = spec(files=(replace(AUDIT, restart=False),))
    assert kinds(wanted, converged("n1", wanted)) == ["file"]
    assert kinds(wanted, converged("n1", wanted, files={AUDIT.path: PRESENT})) == []


def test_a_shared_file_is_never_made_anew_where_it_is() -> None:
    shared = SharedFileSpec(AUDIT.path, "encryption-config")
    wanted = spec(shared_files=(shared,))
    assert kinds(wanted, converged("n1", wanted, files={AUDIT.path: PRESENT})) == []


def test_flags_that_are_given_twice_keep_both_values() -> None:
    assert flag_table(["--a=1", "--a=2", "--b"]) == {"--a": ("1", "2"), "--b": ("true",)}


def test_specs_and_states_survive_the_way_over_the_wire() -> None:
    wanted = spec(files=(AUDIT,), environment={"HTTP_PROXY": "http://proxy.example.org:3128"})
    assert NodeSpec.from_dict(wanted.to_dict()) == wanted
    state = converged("n1", wanted, files={AUDIT.path: PRESENT})
    assert changes_for(wanted, NodeState.from_dict(state.to_dict())) == changes_for(wanted, state)


def test_contents_do_not_show_in_the_text_of_a_spec() -> None:
    assert "rules" not in repr(spec(files=(AUDIT,)))
