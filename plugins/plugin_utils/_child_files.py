# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kubeconfig of a child as a file that only its owner may read.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._children.kubeconfig import ChildKubeconfig
from ansible_collections.mke4k.core.plugins.plugin_utils._kubeconfig import (
    Access,
    KubeconfigError,
    access_of,
    contexts,
    parse,
    redacted,
)
from ansible_collections.mke4k.core.plugins.plugin_utils._private_file import (
    hindrance,
    is_private,
    read_private,
    write_private,
)


@dataclass(frozen=True)
class KubeconfigFile:
    """What a file has, and what it should have. An empty `path` is no file."""

    path: str
    server: str = ""
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)
    loose: bool = False

    @property
    def changed(self) -> bool:
        return bool(self.path) and (self.before != self.after or self.loose)

    def diff(self) -> dict[str, Any]:
        before, after = (redacted(parse(text)) for text in (_parsable(self.before), self.after))
        return {"before_header": self.path, "after_header": self.path, "before": before, "after": after}

    def write(self) -> None:
        if not self.changed:
            return
        try:
            write_private(self.path, self.after)
        except OSError as error:
            raise _not_written(self.path, str(error.strerror or error)) from error


def planned(path: str, item: ChildKubeconfig, *, force: bool) -> KubeconfigFile:
    """Refuses to overwrite what is no kubeconfig, and one of another cluster; `force` overwrites both."""
    access = _current(item)
    if not path:
        return KubeconfigFile("", access.server)
    problem = hindrance(path)
    if problem:
        raise _not_written(path, problem)
    try:
        before = read_private(path)
    except (OSError, UnicodeError) as error:
        raise AnsibleError(f"{path} could not be read on the control node: {error}") from error
    if before and before != item.text and not force:
        _refuse_foreign(path, before, access, item.name)
    return KubeconfigFile(path, access.server, before, item.text, bool(before) and not is_private(path))


def _current(item: ChildKubeconfig) -> Access:
    try:
        document = parse(item.text)
    except KubeconfigError as error:
        raise AnsibleError(
            f"The Secret {item.namespace}/{item.secret} of {item.name} holds no kubeconfig: {error}. No file was"
            " written."
        ) from error
    access = access_of(document, str(document.get("current-context") or ""))
    if access is None or not access.server:
        raise AnsibleError(
            f"The kubeconfig in Secret {item.namespace}/{item.secret} of {item.name} has no current context with a"
            " server. No file was written."
        )
    return access


def _refuse_foreign(path: str, before: str, access: Access, name: str) -> None:
    try:
        others = [found for found in contexts(parse(before)) if found.ca_sha256 != access.ca_sha256]
    except KubeconfigError as error:
        raise AnsibleError(
            f"{path} was not overwritten: {error}. Move it away, choose another dest, or set force."
        ) from error
    if others:
        named = ", ".join(f"{found.context} at {found.server}" for found in others)
        raise AnsibleError(
            f"{path} was not overwritten: it is of another cluster than the child {name} of now ({named}; the CA"
            " differs). If that cluster is gone, as when a child was made again under its name, remove the file or set"
            " force; else choose another dest."
        )


def _not_written(path: str, problem: str) -> AnsibleError:
    return AnsibleError(
        f"The kubeconfig could not be written to {path} on the control node: {problem}. Set dest, or file, to a path"
        " that this user may write."
    )


def _parsable(text: str) -> str:
    """What a forced run overwrites need not be a kubeconfig, and is not shown then."""
    try:
        parse(text)
    except KubeconfigError:
        return ""
    return text
