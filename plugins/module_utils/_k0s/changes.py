# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides what has to change on one host. The plan and the converging module both ask here, so they cannot disagree.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Dict, Iterable, List, Optional, Tuple, Union

from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    CONFIG_PATH,
    DirectorySpec,
    FileSpec,
    FileState,
    ImagesSpec,
    NodeSpec,
    NodeState,
    PlainData,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.redact import mask_environment
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import same_version

TOKEN_FLAG = "--token-file"
MARKS = ("--labels", "--taints")


@dataclass(frozen=True)
class Change(PlainData):
    """One thing to change: `kind` is binary, directory, file, config, unit, images, enable, start or restart."""

    kind: str
    target: str
    detail: str

    def text(self) -> str:
        return f"{self.kind} {self.target}: {self.detail}"


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def flag_table(arguments: Iterable[str]) -> Dict[str, Tuple[str, ...]]:
    """Flags by name. `--flag` means `--flag=true`; the order of flags does not matter, that of a flag's values does."""
    table: Dict[str, Tuple[str, ...]] = {}
    for argument in arguments:
        name, separator, value = argument.partition("=")
        table[name] = table.get(name, ()) + (value if separator else "true",)
    return table


def unit_difference(spec: NodeSpec, state: NodeState) -> str:
    """How the unit's flags and environment differ from the wanted ones; empty when they do not.

    The token file is left out: only a joining host needs it, and k0s ignores it afterwards. So it does with labels
    and taints; those of a Node that is there are changed through the API, without a restart.
    """
    if state.service is None:
        return "is not installed"
    wanted, present = flag_table(spec.all_arguments), flag_table(state.service.arguments)
    present.pop(TOKEN_FLAG, None)
    for name in MARKS if state.joined else ():
        wanted.pop(name, None)
        present.pop(name, None)
    parts = [f"{name} is added" for name in sorted(set(wanted) - set(present))]
    parts += [f"{name} is removed" for name in sorted(set(present) - set(wanted))]
    parts += [
        f"{name} changes from {','.join(present[name])} to {','.join(wanted[name])}"
        for name in sorted(set(wanted) & set(present))
        if wanted[name] != present[name]
    ]
    # What was read on another host has digests in place of secret values.
    environment, asked = mask_environment(state.service.environment), mask_environment(spec.environment)
    names = sorted(set(environment) | set(asked))
    parts += [f"environment {name} changes" for name in names if environment.get(name) != asked.get(name)]
    return "; ".join(parts)


def binary_difference(spec: NodeSpec, state: NodeState) -> str:
    """Why the binary has to be replaced; empty when it has not."""
    binary = state.binary
    if binary is None:
        return f"{spec.version} is installed"
    if spec.binary.sha256 and binary.sha256 and binary.sha256 != spec.binary.sha256:
        return f"{binary.version or 'the file there'} is replaced by {spec.version} (another sha256)"
    if not binary.version:
        return f"a file of unknown origin is replaced by {spec.version}"
    if not same_version(binary.version, spec.version):
        return f"{binary.version} is replaced by {spec.version}"
    return ""


def file_difference(wanted: FileSpec, state: NodeState) -> str:
    """How a file differs in content, mode or owner; empty when it does not."""
    present = state.files.get(wanted.path)
    if present is None:
        return "is created"
    parts = ["content changes"] if present.sha256 != sha256_of(wanted.content) else []
    return "; ".join(parts + _access_differences(wanted, present))


def directory_difference(wanted: DirectorySpec, state: NodeState) -> str:
    """How a folder differs in mode or owner; empty when it does not."""
    present = state.files.get(wanted.path)
    return "is created" if present is None else "; ".join(_access_differences(wanted, present))


def _access_differences(wanted: Union[FileSpec, DirectorySpec], present: FileState) -> List[str]:
    parts = []
    if present.mode != wanted.mode:
        parts.append(f"mode changes from {present.mode} to {wanted.mode}")
    if (present.owner, present.group) != (wanted.owner, wanted.group):
        parts.append(f"owner changes from {present.owner}:{present.group} to {wanted.owner}:{wanted.group}")
    return parts


def delivery_difference(wanted: ImagesSpec, state: NodeState) -> str:
    """Why an archive of images has to be brought to the host; empty when it has not."""
    present = state.images.get(wanted.path)
    if present is None:
        return "is brought and imported"
    other = present.sha256 != wanted.sha256.lower() if wanted.sha256 else present.origin != wanted.origin
    return "is replaced and imported" if other else ""


def images_changes(spec: NodeSpec, state: NodeState) -> List[Change]:
    """Archives of images that containerd does not have yet. k0s imports them while it runs."""
    if not spec.runs_workloads:
        return []
    details = (
        (item.path, delivery_difference(item, state) or ("" if state.images[item.path].imported else "is imported"))
        for item in spec.images
    )
    return [Change("images", path, detail) for path, detail in details if detail]


def config_difference(spec: NodeSpec, state: NodeState) -> str:
    if not spec.is_controller:
        return ""
    if state.config is None:
        return "is created"
    return "" if state.config.sha256 == sha256_of(spec.config) else "changes"


def changes_on_disk(spec: NodeSpec, state: NodeState) -> List[Change]:
    """What is to be written on the host: binary, config, files and unit."""
    service = spec.service
    candidates = [Change("binary", spec.binary.path, binary_difference(spec, state))]
    candidates += [Change("directory", item.path, directory_difference(item, state)) for item in spec.directories]
    candidates += [Change("file", item.path, file_difference(item, state)) for item in spec.files]
    candidates += [
        Change("file", item.path, "is made on the leader or copied from it")
        for item in spec.shared_files
        if item.path not in state.files
    ]
    candidates.append(Change("config", CONFIG_PATH, config_difference(spec, state)))
    candidates.append(Change("unit", service, unit_difference(spec, state)))
    return [change for change in candidates if change.detail]


def needs_restart(spec: NodeSpec, state: NodeState, disk: Iterable[Change]) -> Optional[str]:
    """Why a running k0s must restart; None when it need not."""
    if state.restart_pending:
        return "runs on older files than those on disk"
    quiet = {item.path for item in spec.files if not item.restart} | {item.path for item in spec.directories}
    for change in disk:
        if change.target not in quiet:
            return f"{change.kind} {change.target} {change.detail}"
    return None


def changes_for(spec: NodeSpec, state: NodeState) -> List[Change]:
    """Everything that has to change until the host runs as wanted, in the order it is done."""
    disk = changes_on_disk(spec, state)
    changes = disk + images_changes(spec, state)
    if state.service is not None and not state.service.enabled:
        changes.append(Change("enable", spec.service, "starts with the host"))
    if state.running is None:
        changes.append(Change("start", spec.service, "is started" if state.joined else "is started for the first time"))
        return changes
    reason = needs_restart(spec, state, disk)
    if reason is not None:
        changes.append(Change("restart", spec.service, reason))
    return changes
