# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads YAML of the control node, whole files in Ansible Vault included, and says what is wrong without quoting it.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any

import yaml
from ansible.errors import AnsibleError
from ansible.parsing.vault import AnsibleVaultError

from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError, plain


def read_file(path: str, loader: Any) -> Any:
    """The content of a YAML file in plain types."""
    try:
        return plain(loader.load_from_file(path, cache="none"), path)
    except InputError:
        raise
    except AnsibleVaultError as error:
        raise InputError(
            f"{path} is encrypted with Ansible Vault and could not be decrypted: {error}."
            " Give the password with --vault-password-file, --ask-vault-pass or a Vault credential of AWX."
        ) from error
    except (AnsibleError, ValueError) as error:
        raise InputError(f"{path} could not be read: {_cause(error)}") from error


def read_text(text: str, origin: str, loader: Any) -> Any:
    """YAML text in plain types."""
    try:
        return plain(loader.load(text), origin)
    except InputError:
        raise
    except (AnsibleError, ValueError) as error:
        raise InputError(f"The YAML text of {origin} could not be read: {_cause(error)}") from error


def _cause(error: BaseException) -> str:
    """Ansible's own message quotes the line, and the line may hold a password."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, yaml.MarkedYAMLError):
            mark = seen.problem_mark or seen.context_mark
            place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
            return place + " ".join(part for part in (seen.context, seen.problem) if part)
        if isinstance(seen, UnicodeError):
            return "it is not UTF-8 text"
        seen = seen.__cause__ or getattr(seen, "orig_exc", None)
    return str(error)
