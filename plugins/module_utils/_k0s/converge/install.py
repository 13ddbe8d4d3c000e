# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes k0s' unit with `k0s install`.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from typing import List

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import TOKEN_FLAG
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command, files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.logs import without_secrets
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Service
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import NodeSpec

INSTALL_TIMEOUT = 120.0
VALIDATE_TIMEOUT = 60.0
_FEATURE_GATES = "--feature-gates="


def install_arguments(spec: NodeSpec, paths: Paths, joins: bool) -> List[str]:
    """The command line. Only a host that still has to join needs the token file."""
    verb = "controller" if spec.is_controller else "worker"
    token = [f"{TOKEN_FLAG}={paths.token}"] if joins else []
    return [spec.binary.path, "install", verb, *spec.all_arguments, *token]


def install_unit(spec: NodeSpec, service: Service, paths: Paths, joins: bool) -> None:
    """Writes the unit; one that is there already is replaced, and is back when k0s refuses."""
    present = files.read(service.unit_path)
    argv = install_arguments(spec, paths, joins)
    if present is not None:
        argv.append("--force")
    result = command.run(argv, INSTALL_TIMEOUT)
    if result.rc != 0:
        if present is not None and not os.path.exists(service.unit_path):
            files.write(service.unit_path, present, mode="0644")
            service.reload()
            service.enable()
        raise K0sError(f"`{result.line}` failed with {result.rc}: {without_secrets(result.complaint)}")
    # k0s made the service manager read the unit, but what stands beside the unit came after it.
    if service.write_environment(spec.environment):
        service.reload()


def validate_config(spec: NodeSpec, path: str, binary: str) -> None:
    """Has the new k0s check a configuration before it takes the place of one that works."""
    gates = [item for item in spec.arguments if item.startswith(_FEATURE_GATES)]
    result = command.run([binary, "config", "validate", f"--config={path}", *gates], VALIDATE_TIMEOUT)
    if result.rc != 0:
        raise K0sError(
            f"k0s {spec.version} refuses the new configuration, the one in use is as it was: "
            f"{without_secrets(result.complaint)}"
        )
