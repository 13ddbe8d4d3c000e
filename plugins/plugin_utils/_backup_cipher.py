# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypts and decrypts backups with age or openssl as they stream. No secret is ever on a command line.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

NONE, AGE, OPENSSL = "", "age", "openssl"
SUFFIXES = {NONE: "", AGE: ".age", OPENSSL: ".enc"}
VARIABLE = "MKE4K_BACKUP_PASSPHRASE"
# What openssl's own documentation calls for today; the same to decrypt.
ITERATIONS = "600000"


@dataclass(frozen=True)
class Cipher:
    """`kind` is empty for plain files."""

    kind: str = NONE
    recipients: Sequence[str] = ()
    identity_file: str = ""
    passphrase: str = field(default="", repr=False)

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.kind]

    def check(self, encrypts: bool) -> None:
        """Raises where a key or the program is missing."""
        if self.kind == NONE:
            return
        if not shutil.which(self.kind):
            raise K0sError(
                f"backups are to be encrypted with {self.kind}, which is not installed on the control node. Install "
                "it, or choose another mke4k_backup_encryption"
            )
        lacking = self._lacking(encrypts)
        if lacking:
            raise K0sError(f"backups are encrypted with {self.kind}, but {lacking}")

    def _lacking(self, encrypts: bool) -> str:
        if self.kind == OPENSSL:
            where = f"mke4k_backup_passphrase_file, or {VARIABLE} in the environment"
            return "" if self.passphrase else f"there is no passphrase. Set {where}"
        if encrypts:
            return "" if self.recipients else "there are no recipients. Set mke4k_backup_recipients"
        return "" if self.identity_file else "there is no identity to decrypt. Set mke4k_backup_identity_file"

    def write(self, blocks: Iterable[bytes], path: str, encrypts: bool = True) -> None:
        """Writes a file that only its owner can read, from blocks that come one after another."""
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            os.fchmod(target.fileno(), 0o600)
            if self.kind == NONE:
                target.writelines(blocks)
            else:
                self._filter(blocks, target.fileno(), encrypts)
            target.flush()
            os.fsync(target.fileno())

    def _filter(self, blocks: Iterable[bytes], target: int, encrypts: bool) -> None:
        secret, given = os.pipe()
        try:
            # A passphrase fits into the pipe's buffer, so nobody has to read it first.
            os.write(given, f"{self.passphrase}\n".encode() if self.kind == OPENSSL else b"")
            os.close(given)
            self._run(self._command(encrypts, secret), secret, blocks, target)
        finally:
            os.close(secret)

    def _command(self, encrypts: bool, secret: int) -> list[str]:
        if self.kind == AGE:
            recipients = [part for item in self.recipients for part in ("-r", item)]
            return [AGE, *recipients] if encrypts else [AGE, "-d", "-i", self.identity_file]
        way = [] if encrypts else ["-d"]
        return [OPENSSL, "enc", *way, "-aes-256-cbc", "-salt", "-pbkdf2", "-iter", ITERATIONS, "-pass", f"fd:{secret}"]

    def _run(self, command: Sequence[str], secret: int, blocks: Iterable[bytes], target: int) -> None:
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=target, stderr=errors, pass_fds=(secret,))
            try:
                with cast(BinaryIO, process.stdin) as stream:
                    stream.writelines(blocks)
            except BrokenPipeError:
                pass  # what the program says tells more
            except BaseException:
                process.kill()
                process.wait()
                raise
            code = process.wait()
            if code:
                errors.seek(0)
                said = "; ".join(errors.read().decode("utf-8", "replace").strip()[-500:].splitlines())
                raise K0sError(
                    f"`{' '.join(command[:3])}` failed with {code} on the control node: {said or 'it printed nothing'}."
                    " Check the key"
                )


def cipher_of(args: Mapping[str, object], environ: Mapping[str, str]) -> Cipher:
    """From the options of a task; `passphrase_file` comes before the environment."""
    recipients = args.get("recipients") or []
    path = str(args.get("passphrase_file") or "")
    return Cipher(
        kind=str(args.get("encryption") or NONE),
        recipients=tuple(str(item) for item in recipients) if isinstance(recipients, (list, tuple)) else (),
        identity_file=os.path.expanduser(str(args.get("identity_file") or "")),
        passphrase=_first_line(path) if path else environ.get(VARIABLE, ""),
    )


def _first_line(path: str) -> str:
    try:
        with open(os.path.expanduser(path), encoding="utf-8") as stream:
            return stream.readline().rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        raise K0sError(
            f"the passphrase for backups could not be read from {path} on the control node: {error}"
        ) from error
