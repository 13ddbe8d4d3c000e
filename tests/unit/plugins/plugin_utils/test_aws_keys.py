# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys come from where people keep them, and no message has one in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_keys import keys_of

ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "env-secret"}
FILE = """[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default%secret

[admin]
aws_access_key_id = ASIAADMIN
aws_secret_access_key = admin-secret
aws_session_token = admin-token

[sso]
sso_start_url = https://example.com
"""
LINES = """# exported
export AWS_ACCESS_KEY_ID="AKIALINES"
AWS_SECRET_ACCESS_KEY='lines/secret+='
AWS_SESSION_TOKEN=
"""


def written(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "credentials"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def found(args: dict[str, Any], environ: dict[str, str] | None = None) -> Keys | None:
    return keys_of(args, environ or {})[0]


def test_nothing_given_is_no_key() -> None:
    assert keys_of({}, {}) == (None, [])
    assert keys_of({"access_key": "", "profile": "", "credentials_file": ""}, {"AWS_ACCESS_KEY_ID": ""}) == (None, [])
    assert keys_of({"keep_keys": True, "access_key": "a"}, ENVIRONMENT) == (None, [])


def test_the_environment_is_enough() -> None:
    keys = found({}, {**ENVIRONMENT, "AWS_SESSION_TOKEN": "token"})
    assert keys == Keys("AKIAENV", "env-secret", "token")
    assert keys.source == "the environment"
    assert keys_of({}, ENVIRONMENT)[1] == []


def test_arguments_win_and_are_warned_of() -> None:
    keys, notes = keys_of({"access_key": "AKIAARG", "secret_key": " arg-secret\n"}, ENVIRONMENT)
    assert keys == Keys("AKIAARG", "arg-secret")
    assert len(notes) == 1
    assert "credentials_file" in notes[0]
    assert "arg-secret" not in notes[0]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [("", Keys("AKIADEFAULT", "default%secret")), ("admin", Keys("ASIAADMIN", "admin-secret", "admin-token"))],
)
def test_a_file_of_the_aws_cli_is_read(tmp_path: Path, profile: str, expected: Keys) -> None:
    path = written(tmp_path, FILE)
    keys, notes = keys_of({"credentials_file": path, "profile": profile}, ENVIRONMENT)
    assert (keys, notes) == (expected, [])
    assert keys is not None
    assert keys.source == f"profile {profile or 'default'} of {path}"
    named = {"AWS_SHARED_CREDENTIALS_FILE": path, **({"AWS_PROFILE": profile} if profile else {})}
    assert found({}, named) == (expected if profile else None)
    assert found({"profile": profile or "default"}, {**named, **ENVIRONMENT}) == expected


def test_lines_with_variables_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    assert found({"credentials_file": path}) == Keys("AKIALINES", "lines/secret+=")


def test_a_file_that_others_may_read_is_warned_of(tmp_path: Path) -> None:
    path = written(tmp_path, FILE, 0o640)
    assert "mode 0640" in keys_of({"credentials_file": path}, {})[1][0]


@pytest.mark.parametrize(
    ("text", "profile", "words"),
    [
        (FILE, "nobody", "There is no profile nobody in .*; it has: default, admin, sso"),
        (FILE, "sso", "export-credentials --profile sso"),
        ("AKIASECRET is my key", "", "neither a credentials file"),
        ("", "", "no profile default in .*; it has: none"),
        ("AWS_ACCESS_KEY_ID=AKIASECRET", "", "The secret key is missing in"),
        ("[default]\naws_access_key_id = AKIASECRET\n", "", "The secret key is missing in profile default"),
    ],
)
def test_a_file_of_no_use_is_told_without_what_is_in_it(tmp_path: Path, text: str, profile: str, words: str) -> None:
    with pytest.raises(CredentialError, match=words) as caught:
        found({"credentials_file": written(tmp_path, text), "profile": profile})
    assert "AKIASECRET" not in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CredentialError, match=r"could not be read from /.*No such file"):
        found({"credentials_file": str(tmp_path / "x")})


@pytest.mark.parametrize(("args", "environ"), [({"secret_key": "x"}, {}), ({}, {"AWS_SECRET_ACCESS_KEY": "x"})])
def test_half_a_key_is_told(args: dict[str, Any], environ: dict[str, str]) -> None:
    with pytest.raises(CredentialError, match="The access key id is missing in"):
        found(args, environ)


def test_keys_do_not_show_themselves() -> None:
    keys = Keys("AKIA", "secret", "token", "a file")
    assert repr(keys) == "Keys(source='a file')"
