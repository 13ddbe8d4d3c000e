# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import gzip
import os
from pathlib import Path

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import tokens
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.join import Gate, predicted
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost

_TOKENS = """
import base64, gzip
known = state.setdefault("tokens", [])
if args[1] == "create":
    if state.get("refusals"):
        state["refusals"] -= 1; save(state)
        sys.stderr.write("Error: etcdserver: leader changed\\n"); sys.exit(1)
    role = args[2].partition("=")[2]
    name = "%06d" % (len(known) + 1)
    known.append([name, role]); save(state)
    text = "apiVersion: v1\\nusers:\\n- name: kubelet-bootstrap\\n  user:\\n    token: " + name + ".0123456789abcdef\\n"
    print(base64.b64encode(gzip.compress(text.encode())).decode())
elif args[1] == "list":
    role = args[2].partition("=")[2]
    print("  ID       ROLE     EXPIRES AT")
    for name, kind in known:
        if kind == role:
            print(name + "   " + kind + "   2026-11-21T03:00:00Z")
elif args[1] == "invalidate":
    if not state.get("stubborn"):
        state["tokens"] = [item for item in known if item[0] not in args]; save(state)
    print("token deleted successfully")
"""


@pytest.fixture
def gate(host: FakeHost) -> Gate:
    host.set(token_script=_TOKENS)
    path = host.bin / "k0s"
    path.write_bytes(host.k0s())
    path.chmod(0o755)
    return Gate(host.time.clock, lambda: {"healthy": True}, str(path), "/var/lib/k0s")


def test_one_token_a_role_is_made_and_revoked(host: FakeHost, gate: Gate) -> None:
    opened = gate.present(["controller", "worker", "worker"], "30m", [])
    assert opened["ids"] == ["000001", "000002"]
    assert opened["tokens"]["worker"]["id"] == tokens.token_id(opened["tokens"]["worker"]["token"])
    assert opened["etcd"] == {"healthy": True}
    assert host.called("k0s", "token", "create")[0][3:] == [
        "--role=controller",
        "--expiry=30m",
        "--data-dir=/var/lib/k0s",
    ]
    assert gate.absent(opened["ids"], dry_run=True) == opened["ids"]
    assert gate.listed() == set(opened["ids"])
    assert gate.absent([*opened["ids"], "nobody"]) == opened["ids"]
    assert gate.listed() == set()
    assert gate.absent(opened["ids"]) == []
    assert len(host.called("k0s", "token", "invalidate")) == 1


def test_nothing_is_asked_when_nothing_is_to_be_revoked(host: FakeHost, gate: Gate) -> None:
    assert gate.absent([]) == []
    assert host.calls == []


def test_a_token_that_stays_is_an_error(host: FakeHost, gate: Gate) -> None:
    opened = gate.present(["worker"], "30m", [])
    host.set(stubborn=True)
    with pytest.raises(K0sError, match="the join tokens 000001 are still valid"):
        gate.absent(opened["ids"])


def test_an_api_that_is_away_for_some_seconds_is_waited_for(host: FakeHost, gate: Gate) -> None:
    host.set(refusals=9)
    assert gate.present(["worker"], "30m", [])["ids"] == ["000001"]
    assert len(host.time.pauses) == 9


def test_an_api_that_stays_away_is_an_error_with_k0s_words(host: FakeHost, gate: Gate) -> None:
    host.set(refusals=999)
    with pytest.raises(
        K0sError, match=r"no join token for a worker was made within 60 s: .*etcdserver: leader changed"
    ):
        gate.present(["worker"], "30m", [])


def test_a_missing_k0s_is_an_error(host: FakeHost) -> None:
    gate = Gate(host.time.clock, lambda: None, "/nowhere/k0s", timeout=0)
    with pytest.raises(K0sError, match=r"`/nowhere/k0s token create .* could not be run"):
        gate.present(["worker"], "30m", [])


def test_shared_files_are_returned_with_their_access(gate: Gate, tmp_path: Path) -> None:
    path = tmp_path / "encryption.cfg"
    path.write_text("key")
    path.chmod(0o640)
    found = gate.present([], "30m", [str(path)])["shared"][0]
    assert (found["path"], found["content"], found["mode"]) == (str(path), "key", "0640")
    os.unlink(path)
    with pytest.raises(K0sError, match="is missing on the controller that leads"):
        gate.present([], "30m", [str(path)])


def test_check_mode_has_the_shape_without_the_secrets() -> None:
    assert predicted(["worker"]) == {"tokens": {"worker": {"token": "", "id": ""}}, "ids": [], "shared": [], "etcd": {}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64!",
        base64.b64encode(b"no gzip").decode(),
        base64.b64encode(gzip.compress(b"a: b", mtime=0)).decode(),
    ],
)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(K0sError, match="is no join token"):
        tokens.token_id(text)
