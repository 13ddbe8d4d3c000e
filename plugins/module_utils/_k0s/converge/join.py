# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a cluster for new hosts and closes it again: join tokens and the files that controllers share.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Set

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, files, tokens
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.logs import without_secrets
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import BINARY_PATH, DATA_DIR
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.files import file_state

CALL_TIMEOUT = 20.0
PAUSE = 1.0
TOKEN_ROLES = ("controller", "worker")


@dataclass(frozen=True)
class Gate:
    """The running controller that new hosts join."""

    clock: Clock
    read_etcd: Callable[[], Optional[Mapping[str, Any]]]
    binary: str = BINARY_PATH
    data_dir: str = DATA_DIR
    timeout: float = 60.0

    def present(self, roles: Sequence[str], expiry: str, shared_files: Sequence[str]) -> Dict[str, Any]:
        """Tokens for the roles, and the shared files as they are on this controller."""
        shared = [self._shared(path) for path in shared_files]
        made = {role: self._create(role, expiry) for role in dict.fromkeys(roles)}
        return {
            "tokens": made,
            "ids": [item["id"] for item in made.values()],
            "shared": shared,
            "etcd": dict(self.read_etcd() or {}),
        }

    def absent(self, ids: Sequence[str], dry_run: bool = False) -> List[str]:
        """Revokes the tokens and returns the ids of those that were there."""
        present = sorted(self.listed() & set(ids)) if ids else []
        if not present or dry_run:
            return present
        self._retry(["token", "invalidate", *present], f"the join tokens {', '.join(present)} were not revoked")
        left = sorted(self.listed() & set(present))
        if left:
            raise K0sError(
                f"the join tokens {', '.join(left)} are still valid although `k0s token invalidate` reported success. "
                "Delete the secrets bootstrap-token-<id> in the namespace kube-system"
            )
        return present

    def listed(self) -> Set[str]:
        """The ids of all join tokens. k0s lists them for one role at a time."""
        found: Set[str] = set()
        for role in TOKEN_ROLES:
            found |= tokens.listed_ids(self._retry(["token", "list", f"--role={role}"], "join tokens were not listed"))
        return found

    def _create(self, role: str, expiry: str) -> Dict[str, str]:
        printed = self._retry(
            ["token", "create", f"--role={role}", f"--expiry={expiry}"], f"no join token for a {role} was made"
        )
        token = printed.split()[-1] if printed.split() else ""
        return {"token": token, "id": tokens.token_id(token)}

    def _retry(self, arguments: Sequence[str], failure: str) -> str:
        """The API has just started or an etcd member is joining: for some seconds the call may fail or hang."""
        argv = [self.binary, *arguments, f"--data-dir={self.data_dir}"]
        end = self.clock.now() + self.timeout
        while True:
            reason = ""
            try:
                result = command.run(argv, CALL_TIMEOUT)
            except K0sError as error:
                reason = str(error)
            else:
                if result.rc == 0:
                    return result.out
                reason = f"`{result.line}` failed with {result.rc}: {without_secrets(result.complaint)}"
            if self.clock.now() >= end:
                raise K0sError(
                    f"{failure} within {self.timeout:g} s: {reason}. k0s must run on this controller and reach its API"
                )
            self.clock.sleep(PAUSE)

    def _shared(self, path: str) -> Dict[str, str]:
        content, state = files.read(path), file_state(path)
        if content is None or state is None:
            raise K0sError(
                f"{path} is missing on the controller that leads, so it cannot be copied to those that join. "
                "Run against that controller first"
            )
        return {"path": path, "content": content, "mode": state.mode, "owner": state.owner, "group": state.group}


def predicted(roles: Sequence[str]) -> Dict[str, Any]:
    """What check mode returns: the shape without the secrets."""
    return {"tokens": {role: {"token": "", "id": ""} for role in roles}, "ids": [], "shared": [], "etcd": {}}
