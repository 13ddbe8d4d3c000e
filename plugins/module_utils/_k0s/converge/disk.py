# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what a host should have on disk: binary, files, configuration and unit.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files, receipt, shared, users
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.install import install_unit, validate_config
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.machine import Machine
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Service
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.stage import source_for
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeState, SharedFileSpec


class Disk:
    """The changes on disk of one run."""

    def __init__(self, request: Request, machine: Machine, state: NodeState, service: Service) -> None:
        self.request = request
        self.spec = request.spec
        self.machine = machine
        self.state = state
        self.service = service
        self.joining = request.joins and not state.joined
        self.config_changes = False

    def write(self, change: Change) -> None:
        """Does one change."""
        if change.kind == "binary":
            self._binary()
        elif change.kind == "directory":
            self._directory(change.target)
        elif change.kind == "file":
            self._file(change.target)
        elif change.kind == "config":
            self._config()
        elif change.kind == "unit":
            install_unit(self.spec, self.service, self.machine.paths, self.joining)

    def write_shared(self) -> None:
        """Makes the shared files of a joining host those of the cluster, whatever an earlier life left here."""
        for item in self.spec.shared_files:
            self._write_shared(item)

    def _binary(self) -> None:
        source = source_for(self.request, self.machine)
        staged = source.stage()
        if self.config_changes:
            self._check_config(staged.path)
            self.config_changes = False
        # The receipt fits by size and time, which the move keeps, so it may be there before the binary is.
        path = files.real(self.spec.binary.path)
        receipt.record_binary(self.machine.paths.receipt, path, staged, self.spec.version)
        source.install(staged)

    def _config(self) -> None:
        if self.config_changes:
            self._check_config(self.spec.binary.path)
        files.write(self.machine.paths.config, self.spec.config)

    def _check_config(self, binary: str) -> None:
        path = files.real(self.machine.paths.config)
        with files.told(path), files.temporary(path) as (stream, name):
            stream.write(self.spec.config.encode("utf-8"))
            stream.flush()
            validate_config(self.spec, name, binary)

    def _directory(self, path: str) -> None:
        for item in self.spec.directories:
            if item.path == path:
                users.ensure_owner(item.owner, item.group, self.spec.data_dir)
                files.make_folder(path, item.mode, item.owner, item.group)

    def _file(self, path: str) -> None:
        for item in self.spec.files:
            if item.path == path:
                users.ensure_owner(item.owner, item.group, self.spec.data_dir)
                files.write(path, item.content, item.mode, item.owner, item.group)
        for shared_item in self.spec.shared_files:
            if shared_item.path == path:
                self._write_shared(shared_item)

    def _write_shared(self, item: SharedFileSpec) -> None:
        users.ensure_owner(item.owner, item.group, self.spec.data_dir)
        content = shared.content_for(item, self.request.shared, self.request.joins)
        files.write(item.path, content, item.mode, item.owner, item.group)
