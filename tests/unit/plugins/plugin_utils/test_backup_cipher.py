# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups are encrypted as they stream, by programs that get no secret on their command line."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.plugin_utils._backup_cipher import Cipher, cipher_of

CONTENT = [b"block %d " % number * 9000 for number in range(40)]
WHOLE = b"".join(CONTENT)
PASSPHRASE = "open sesame 4711 $HOME"
needs_age = pytest.mark.skipif(not shutil.which("age"), reason="the program age is not installed on this machine")


def openssl(passphrase: str = PASSPHRASE) -> Cipher:
    return Cipher("openssl", passphrase=passphrase)


@pytest.mark.parametrize("cipher", [Cipher(), openssl()])
def test_what_was_encrypted_comes_back(tmp_path: Path, cipher: Cipher) -> None:
    cipher.check(encrypts=True)
    cipher.write(iter(CONTENT), str(tmp_path / "stored"))
    stored = (tmp_path / "stored").read_bytes()
    assert (stored == WHOLE) == (cipher.kind == "")
    cipher.write(iter([stored]), str(tmp_path / "plain"), encrypts=False)
    assert (tmp_path / "plain").read_bytes() == WHOLE
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("stored", "plain")} == {0o600}


@needs_age
def test_age_needs_only_the_public_key_to_encrypt(tmp_path: Path) -> None:
    identity = tmp_path / "identity"
    subprocess.run(["age-keygen", "-o", str(identity)], check=True, capture_output=True)
    public = next(line for line in identity.read_text().splitlines() if "public key" in line).split()[-1]
    Cipher("age", recipients=[public]).write(iter(CONTENT), str(tmp_path / "stored"))
    reader = Cipher("age", identity_file=str(identity))
    reader.check(encrypts=False)
    reader.write(iter([(tmp_path / "stored").read_bytes()]), str(tmp_path / "plain"), encrypts=False)
    assert (tmp_path / "plain").read_bytes() == WHOLE


def test_anybody_with_openssl_can_decrypt_it(tmp_path: Path) -> None:
    openssl().write(iter(CONTENT), str(tmp_path / "stored"))
    (tmp_path / "key").write_text(PASSPHRASE)
    command = f"openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -in {tmp_path}/stored -pass file:{tmp_path}/key"
    assert subprocess.run(command.split(), check=True, capture_output=True).stdout == WHOLE


def test_what_the_program_says_of_a_file_it_cannot_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(K0sError, match=r"openssl enc -d. failed with 1 .*bad magic number.* Check the key") as raised:
        openssl().write(iter([WHOLE]), str(tmp_path / "plain"), encrypts=False)
    assert PASSPHRASE not in str(raised.value)


def test_no_secret_is_on_a_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    usual = subprocess.Popen

    def recorded(command: list[str], **options: Any) -> Any:
        commands.append(command)
        return usual(command, **options)

    monkeypatch.setattr(subprocess, "Popen", recorded)
    openssl().write(iter(CONTENT), str(tmp_path / "stored"))
    assert len(commands) == 1
    assert PASSPHRASE not in " ".join(commands[0])


def test_a_source_that_fails_ends_the_program(tmp_path: Path) -> None:
    def failing() -> Iterator[bytes]:
        yield b"x"
        raise K0sError("the connection is gone")

    with pytest.raises(K0sError, match="the connection is gone"):
        openssl().write(failing(), str(tmp_path / "stored"))


def test_a_program_that_ends_early_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "openssl"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho no such cipher >&2\nexit 3\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    with pytest.raises(K0sError, match=r"failed with 3 .*no such cipher"):
        openssl().write(iter(CONTENT * 20), str(tmp_path / "stored"))


@pytest.mark.parametrize(
    ("cipher", "encrypts", "message"),
    [
        (Cipher("openssl"), True, "MKE4K_BACKUP_PASSPHRASE in the environment"),
        (Cipher("age"), True, "mke4k_backup_recipients"),
        (Cipher("age", recipients=["age1x"]), False, "mke4k_backup_identity_file"),
    ],
)
def test_a_missing_key_is_told_before_anything_is_done(
    cipher: Cipher, encrypts: bool, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(K0sError, match=message):
        cipher.check(encrypts)


def test_a_missing_program_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(K0sError, match="age, which is not installed on the control node"):
        Cipher("age", recipients=["age1x"]).check(encrypts=True)


def test_the_file_comes_before_the_environment(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("of the file\nsecond line\n")
    environ = {"MKE4K_BACKUP_PASSPHRASE": "of the environment"}
    found = cipher_of({"encryption": "openssl", "passphrase_file": str(tmp_path / "key")}, environ)
    assert (found.passphrase, found.suffix) == ("of the file", ".enc")
    assert cipher_of({"encryption": "openssl", "passphrase_file": ""}, environ).passphrase == "of the environment"
    assert "of the" not in repr(found)


def test_a_passphrase_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(K0sError, match=r"could not be read from .*nothing"):
        cipher_of({"passphrase_file": str(tmp_path / "nothing")}, {})
