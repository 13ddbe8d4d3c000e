# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes this checkout importable as ansible_collections.mke4k.core, through Ansible's own collection loader."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

# The tools are not a plugin of pytest: they have to be found before the collection is.
from tests.tools.checkout import link_checkout  # noqa: E402

TREE = link_checkout(ROOT)


def _use_ansibles_loader() -> None:
    """Let Ansible's loader find collections, so that tests import plugins as Ansible itself does."""
    # The name with S is the one of ansible-core 2.13, which plays the part of modules' utilities on Python 3.8.
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = os.environ["ANSIBLE_COLLECTIONS_PATHS"] = str(TREE)
    from ansible.plugins import loader  # noqa: PLC0415
    from ansible.utils.collection_loader import AnsibleCollectionConfig  # noqa: PLC0415

    if not AnsibleCollectionConfig.collection_finder:
        loader.init_plugin_loader([str(TREE)])


_use_ansibles_loader()

# How long an example takes says something about the machine, and nothing about the code. A test run that decides over a
# change takes the same examples each time; any other one may find something new.
settings.register_profile(
    "mke4k",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
)
settings.load_profile("mke4k")
