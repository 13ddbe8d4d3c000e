# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build what the bed runs, before a test has to wait for it, and say what that is."""

from __future__ import annotations

import sys

from tests.capi.programs import wanted_pairs
from tests.lab.mke4k_lab.errors import LabError


def main() -> int:
    try:
        pairs = wanted_pairs()
        for pair in pairs:
            for source in (pair.capi, pair.capa):
                source.files()
                source.build()
    except LabError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"real {' and '.join(map(str, pairs))} before a simulated AWS\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
