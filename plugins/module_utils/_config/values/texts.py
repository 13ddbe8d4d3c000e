# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion of paths, certificates, registries, lists and maps.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List

from ansible_collections.mke4k.core.plugins.module_utils._config.flags import (
    FlagError,
    flag_text,
    split_flags,
    split_words,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid, shown, wrong_type
from ansible_collections.mke4k.core.plugins.module_utils._config.values.scalars import to_text, to_word

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s.*?\s-----END \1-----", re.DOTALL)
_REGISTRY = re.compile(
    r"^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$"
)
_USER = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.@\\-]{0,127}\$?$")
_INTERFACE = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,14}$")
_NAME = re.compile(r"^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$")


def to_path(value: Any) -> str:
    """An absolute path on a host, without `..` and white space."""
    text = to_word(value)
    words = "an absolute path such as /var/lib/k0s"
    if not text.startswith("/") or ".." in text.split("/") or any(sign.isspace() for sign in text):
        raise Invalid(f"is {shown(text)}", words)
    return "/" + "/".join(part for part in text.split("/") if part not in ("", "."))


def to_user(value: Any) -> str:
    """A user of a host, which must not be taken for an option of ssh."""
    text = to_word(value)
    if not _USER.match(text):
        raise Invalid(f"is {shown(text)}", "a user name such as ubuntu")
    return text


def to_interface(value: Any) -> str:
    text = to_word(value)
    if not _INTERFACE.match(text):
        raise Invalid(f"is {shown(text)}", "the name of a network interface such as eth1, of at most 15 characters")
    return text


def to_name(value: Any) -> str:
    text = to_word(value)
    if not _NAME.match(text):
        raise Invalid(f"is {shown(text)}", "a name of small letters, digits, '-' and '.'")
    return text


def to_pem(value: Any) -> str:
    """PEM text. Its value is never shown: it may be a key."""
    text = to_text(value).strip()
    if "\\n" in text and "\n" not in text:
        text = text.replace("\\n", "\n")
    if not _PEM.search(text):
        raise Invalid(
            "is no PEM text", "text between -----BEGIN ...----- and -----END ...-----", "paste the file as it is"
        )
    return text + "\n"


def to_registry(value: Any) -> str:
    """`host[:port][/project]`, without a scheme and without a slash at the end."""
    text = to_word(value)
    words = "host[:port][/project], without a scheme and without a slash at its end"
    bare = text.partition("://")[2] if "://" in text else text
    if bare.rstrip("/") != text:
        raise Invalid(f"is {shown(text)}", words, f"write {bare.rstrip('/')}")
    if not _REGISTRY.match(text):
        raise Invalid(f"is {shown(text)}", words)
    return text


def to_chart_registry(value: Any) -> str:
    """`oci://` and a registry."""
    text = to_word(value)
    words = "oci://host[:port][/project], without a slash at its end"
    if not text.startswith("oci://"):
        bare = text.partition("://")[2] if "://" in text else text
        raise Invalid(f"is {shown(text)}", words, f"write oci://{bare.rstrip('/')}")
    if text.endswith("/"):
        raise Invalid(f"is {shown(text)}", words, f"write {text.rstrip('/')}")
    if not _REGISTRY.match(text[len("oci://") :]):
        raise Invalid(f"is {shown(text)}", words)
    return text


def to_flags(value: Any) -> List[str]:
    """A list of flags, each as `--name` or `--name=value`; one text may hold several."""
    try:
        items = split_words(value) if isinstance(value, str) else value
        if not isinstance(items, list):
            raise wrong_type(value, "a list of flags such as --no-taints or --labels=zone=a")
        return [flag_text(flag) for flag in split_flags(to_word(item) for item in items if item is not None)]
    except FlagError as error:
        raise Invalid(
            str(error), "a list of flags such as --no-taints or --labels=zone=a", "write --name=value"
        ) from None


def to_arguments(value: Any) -> Dict[str, str]:
    """A map of a component's arguments; names are written without dashes in front."""
    if not isinstance(value, dict):
        raise wrong_type(value, "a map of arguments such as {event-ttl: 2h}")
    found: Dict[str, str] = {}
    for name, item in value.items():
        bare = name.strip().lstrip("-")
        if not bare or any(sign.isspace() or sign == "=" for sign in bare):
            raise Invalid(f"has the argument {shown(name)}", "names such as event-ttl")
        if item is not None:
            found[bare] = _argument(bare, item)
    return found


def _argument(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ",".join(to_word(item) for item in value)
    if isinstance(value, dict):
        raise Invalid(f"has the argument {name} with {shown(value)}", "text, numbers and booleans as values")
    return to_word(value)


def to_map(value: Any) -> Dict[str, Any]:
    """Anything with keys; it is passed on as it is."""
    if not isinstance(value, dict):
        raise wrong_type(value, "a mapping")
    return value


def to_items(value: Any) -> List[Any]:
    """Any list; it is passed on as it is."""
    if not isinstance(value, list):
        raise wrong_type(value, "a list")
    return value
