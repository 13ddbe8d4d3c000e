# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets pods run on hosts that have no way out: the pause image, and a containerd that this machine can bear."""

from __future__ import annotations

from typing import Sequence

from . import faults, lab
from .paths import LabPaths
from .root import BINARIES_IN_HOST

CONTAINERD_CONFIG = "/usr/local/share/lab/containerd.toml"


def enable(paths: LabPaths, names: Sequence[str], data_dir: str) -> None:
    """Puts both where k0s looks, which takes them up within some ten seconds, also while it runs.

    It is no part of `up`, because a bare host has neither of the folders.
    """
    copy = f'mkdir -p /etc/k0s/containerd.d "$1/images" && cp {CONTAINERD_CONFIG} /etc/k0s/containerd.d/lab.toml'
    script = f'{copy} && cp {BINARIES_IN_HOST}/pause.tar "$1/images/"'
    for name in names or [host.name for host in lab.require(paths).hosts]:
        faults.inside(paths, name, ["sh", "-c", script, "sh", data_dir])
