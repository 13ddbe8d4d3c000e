# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords: making one, keeping it in a private file, and the bcrypt hash that Dex wants.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field

from ansible.errors import AnsibleError
from ansible.utils.encrypt import do_encrypt

from ansible_collections.mke4k.core.plugins.plugin_utils._private_file import hindrance, read_private, write_private

try:
    import bcrypt
except ImportError:
    bcrypt = None  # type: ignore[assignment]

# Letters and digits that nobody mistakes for each other: such passwords are read from a screen and typed.
ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
LENGTH = 24
# Dex takes hashes of cost 10 to 16 (server/config, checkCost).
COST = 12
# bcrypt looks at no more than that.
LONGEST = 72


@dataclass(frozen=True)
class Password:
    """`made` says that it was generated in this run."""

    text: str = field(repr=False)
    made: bool = False


def generated() -> Password:
    return Password("".join(secrets.choice(ALPHABET) for _place in range(LENGTH)), made=True)


def kept_in(path: str, *, write: bool) -> Password:
    """The password of a file; one is generated and written to it where the file is not there and `write` says so.

    It is written before anybody uses it, so that a run that is killed in between leaves no account without password.
    """
    try:
        text = read_private(path).strip()
    except (OSError, UnicodeError) as error:
        raise AnsibleError(f"The password could not be read from {path} on the control node: {error}") from error
    if text:
        return Password(text)
    password = generated()
    problem = hindrance(path)
    if not problem and write:
        try:
            write_private(path, password.text + "\n")
        except OSError as error:
            problem = str(error.strerror or error)
    if problem:
        raise AnsibleError(
            f"The generated password could not be written to {path} on the control node: {problem}. Choose a path that"
            " this user may write. Nothing was changed."
        )
    return password


def bcrypt_hash(password: str) -> str:
    """As Dex wants it: `$2b$…`, or `$2a$`, `$2y$`."""
    secret = password.encode("utf-8")
    if len(secret) > LONGEST:
        raise AnsibleError(
            f"The password has {len(secret)} bytes; bcrypt, which Dex uses, takes {LONGEST} at the most."
        )
    if bcrypt:
        return str(bcrypt.hashpw(secret, bcrypt.gensalt(COST)).decode("ascii"))
    try:
        return str(do_encrypt(password, "bcrypt", ident="2b", rounds=COST))
    except AnsibleError as error:
        raise AnsibleError(
            "The control node cannot make the bcrypt hash of the password. Install the Python package bcrypt beside"
            f" ansible-core (or in the execution environment), or give password_hash: {error}"
        ) from error
