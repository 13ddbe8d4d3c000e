# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in operators of a lab: a program beside the hosts that plays what runs in a cluster of MKE 4k."""

from __future__ import annotations

import sys
from typing import Dict

from . import network, services
from .errors import LabError
from .paths import COLLECTION_FOLDER, LabPaths
from .process import wait_end

SERVICE = "operators"
# Who lacks a package says so within this time.
FIRST_SECONDS = 1.5


def start(paths: LabPaths) -> None:
    """Starts them; they wait for the cluster by themselves."""
    network.ensure_operators(paths.name)
    command = [sys.executable, "-m", "tests.lab.standin", "--lab-run", str(paths.run)]
    services.start(paths, SERVICE, command, env={}, cwd=COLLECTION_FOLDER, part=network.OPERATORS)
    process = services.running(paths, SERVICE)
    if process is None or wait_end(process, FIRST_SECONDS):
        raise LabError(f"The stand-in operators ended at once: {services.last_words(paths, SERVICE)}")


def stop(paths: LabPaths) -> None:
    services.stop(paths, SERVICE)


def status(paths: LabPaths) -> Dict[str, object]:
    """Whether they run, and where they write what they do."""
    return {
        "running": services.running(paths, SERVICE) is not None,
        "log": str(services.log_file(paths, SERVICE)),
    }
