# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the parts of a support bundle wait until they are packed.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import urllib.parse

from ansible import constants

ENDING = ".tar.gz"


def parts_folder(dest: str | None) -> str:
    """By default Ansible's own folder for this run, which goes when the run ends."""
    return dest or os.path.join(constants.DEFAULT_LOCAL_TMP, "mke4k-support")


def part_path(dest: str | None, host: str) -> str:
    return os.path.join(parts_folder(dest), urllib.parse.quote(host, safe="") + ENDING)
