# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What actions share that bring a file of the control node to a host.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.checksums import parse

SUMS = "sha256sums.txt"
BLOCK = 1024 * 1024


class UploadAction(ActionBase):  # type: ignore[misc]
    """Finds a file on the control node, knows its sha256, and sends it where it is missing."""

    TRANSFERS_FILES = False

    def local(self, src: str) -> str:
        try:
            return str(self._find_needle("files", src))
        except AnsibleError as error:
            raise AnsibleActionFail(f"{src} was not found on the control node: {error}") from error

    def listed_sha256(self, local: str, how: str) -> str:
        """The sha256 in the release's own file beside it; `how` names the options that would give it."""
        sums = os.path.join(os.path.dirname(local), SUMS)
        if os.path.isfile(sums):
            with open(sums, encoding="utf-8", errors="replace") as stream:
                found = parse(stream.read()).get(os.path.basename(local))
            if found:
                return found
        raise AnsibleActionFail(
            f"the sha256 of {local} is not given, and no {SUMS} beside it lists it. If you trust the file, give its "
            f"sha256: {sha256_of(local)} ({how})"
        )

    def on_host(self, candidates: Sequence[str], sha256: str) -> str:
        """Which of these files of the host is this very one; empty where none is."""
        done = self._low_level_execute_command(f"sha256sum {' '.join(map(shlex.quote, candidates))}")
        present = {
            name.strip().lstrip("*"): digest
            for digest, _separator, name in (line.partition(" ") for line in done["stdout"].splitlines())
        }
        return next((item for item in candidates if present.get(item) == sha256), "")

    def upload(self, local: str, name: str) -> str:
        if self._connection._shell.tmpdir is None:
            self._make_tmp_path()
        remote = self._connection._shell.join_path(self._connection._shell.tmpdir, name)
        with self._uncompressed():
            return str(self._transfer_file(local, remote))

    @contextmanager
    def _uncompressed(self) -> Iterator[None]:
        """Ansible's default `-C` makes ssh spend seconds of CPU a host on a binary that hardly gets smaller.

        Compression belongs to a connection, so the transfer has one of its own.
        """
        if self._connection.transport != "ssh":
            yield
            return
        usual = self._connection.get_option("ssh_args")
        rest = [item for item in shlex.split(usual or "") if item != "-C"]
        self._connection.set_option("ssh_args", shlex.join([*rest, "-o", "ControlPath=none"]))
        try:
            yield
        finally:
            self._connection.set_option("ssh_args", usual)


def sha256_of(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def check(local: str, wanted: str, what: str) -> None:
    found = sha256_of(local)
    if found != wanted:
        raise AnsibleActionFail(
            f"{local} is not the wanted {what}: its sha256 is {found}, {wanted} was expected. Nothing was uploaded; "
            "get the file again, or correct the sha256 if you trust the file"
        )
