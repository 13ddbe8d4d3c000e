# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the keys come from that children are made with: arguments, a file, or the environment.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import configparser
import os
import re
import stat
from collections.abc import Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys

ID, SECRET, TOKEN = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"
# AWS CLI's own place.
DEFAULT_FILE = "~/.aws/credentials"
_LINE = re.compile(r"^\s*(?:export\s+)?([A-Z_]+)\s*=\s*['\"]?([^'\"\s]*)['\"]?\s*$")
AS_ARGUMENTS = (
    "The AWS keys were given as arguments of the task: they may be seen in extra vars, in a survey, or in the log of"
    " the job. Give them in the environment (in AWX by a credential of the type Amazon Web Services), or by"
    " credentials_file."
)
KEYS_OPTIONS: dict[str, Any] = {
    "access_key": {"type": "str", "no_log": True},
    "secret_key": {"type": "str", "no_log": True},
    "session_token": {"type": "str", "no_log": True},
    "profile": {"type": "str", "default": ""},
    "credentials_file": {"type": "path", "default": ""},
    "keep_keys": {"type": "bool", "default": False},
}


def keys_of(args: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[Keys | None, list[str]]:
    """The keys, and what people should know of the way they came. None where nobody gave any."""
    if args.get("keep_keys"):
        return None, []
    if args.get("access_key") or args.get("secret_key"):
        found = _whole(args.get("access_key"), args.get("secret_key"), args.get("session_token"), "the arguments")
        return found, [AS_ARGUMENTS]
    profile = args.get("profile") or ""
    path = args.get("credentials_file") or ""
    if not profile and not path:
        if environ.get(ID) or environ.get(SECRET):
            return _whole(environ.get(ID), environ.get(SECRET), environ.get(TOKEN), "the environment"), []
        profile = environ.get("AWS_PROFILE", "")
        if not profile:
            return None, []
    path = os.path.expanduser(path or environ.get("AWS_SHARED_CREDENTIALS_FILE") or DEFAULT_FILE)
    text, notes = _read(path)
    return _in_file(text, path, profile), notes


def _in_file(text: str, path: str, profile: str) -> Keys:
    """A credentials file of the AWS CLI, or lines with AWS_ACCESS_KEY_ID=… as `aws configure export-credentials`."""
    lines = {found.group(1): found.group(2) for found in map(_LINE.match, text.splitlines()) if found}
    if lines and not profile:
        return _whole(lines.get(ID), lines.get(SECRET), lines.get(TOKEN), path)
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        # Its message would quote the line, and that may be a key.
        raise CredentialError(
            f"{path} is neither a credentials file of the AWS CLI ([profile] with aws_access_key_id = ...) nor lines"
            f" with {ID}=... and {SECRET}=... . Nothing was changed."
        ) from None
    name = profile or "default"
    if not parser.has_section(name):
        there = ", ".join(parser.sections()) or "none"
        raise CredentialError(f"There is no profile {name} in {path}; it has: {there}. Nothing was changed.")
    section = parser[name]
    if not section.get("aws_access_key_id"):
        raise CredentialError(
            f"The profile {name} in {path} has no aws_access_key_id: it may be one of SSO or of a role. Write its"
            f" keys to a file of your own with `aws configure export-credentials --profile {name} --format"
            " env-no-export`, and name that as credentials_file. Nothing was changed."
        )
    secret, token = section.get("aws_secret_access_key"), section.get("aws_session_token")
    return _whole(section.get("aws_access_key_id"), secret, token, f"profile {name} of {path}")


def _read(path: str) -> tuple[str, list[str]]:
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
    except (OSError, UnicodeError) as error:
        raise CredentialError(
            f"The AWS keys could not be read from {path} on the control node: {error}. Nothing was changed."
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return text, [f"{path} has AWS keys in it, and others may read it (mode {mode:04o}): chmod 600 {path}"]
    return text, []


def _whole(key_id: str | None, secret: str | None, token: str | None, source: str) -> Keys:
    if not key_id or not secret:
        missing = "secret key" if key_id else "access key id"
        raise CredentialError(f"The {missing} is missing in {source}: both parts of a key are needed.")
    return Keys(key_id.strip(), secret.strip(), (token or "").strip(), source)
