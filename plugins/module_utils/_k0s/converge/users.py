# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The system users that own k0s' files.

`k0s install` makes them for a controller, but files that belong to them are written before it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import grp
import os
import pwd
from typing import List

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError


def user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def group_exists(name: str) -> bool:
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def user_id(name: str) -> int:
    if name.isdigit():
        return int(name)
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError as error:
        raise K0sError(f"the user {name} does not exist on the host") from error


def group_id(name: str) -> int:
    if name.isdigit():
        return int(name)
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError as error:
        raise K0sError(f"the group {name} does not exist on the host") from error


def _nologin() -> str:
    for shell in ("/usr/sbin/nologin", "/sbin/nologin"):
        if os.path.exists(shell):
            return shell
    return "/bin/false"


def _user_command(name: str, home: str) -> List[str]:
    """As k0s does it; the second form is BusyBox'."""
    if command.find("useradd"):
        argv = ["useradd", "--home", home, "--shell", _nologin(), "--system", "--no-create-home"]
        return [*argv, *(["--gid", name] if group_exists(name) else []), name]
    return ["adduser", "-S", "-D", "-H", "-h", home, "-s", _nologin(), name]


def ensure_owner(owner: str, group: str, home: str) -> None:
    """Makes the user and the group that a file is to belong to, where they are missing."""
    if not owner.isdigit() and not user_exists(owner):
        command.check(_user_command(owner, home))
    if not group.isdigit() and not group_exists(group):
        program = ["groupadd", "--system"] if command.find("groupadd") else ["addgroup", "-S"]
        command.check([*program, group])
