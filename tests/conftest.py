# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes this checkout importable as ansible_collections.mke4k.core, through Ansible's own collection loader."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

# The tools are not a plugin of pytest: they have to be found before the collection is.
from tests.tools.checkout import link_checkout  # noqa: E402

TREE = link_checkout(ROOT)


def _use_ansibles_loader() -> None:
    """Let Ansible's loader find collections, so that tests import plugins as Ansible itself does."""
    from ansible.plugins.loader import init_plugin_loader  # noqa: PLC0415
    from ansible.utils.collection_loader import AnsibleCollectionConfig  # noqa: PLC0415

    if not AnsibleCollectionConfig.collection_finder:
        init_plugin_loader([str(TREE)])


_use_ansibles_loader()
