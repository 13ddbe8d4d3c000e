#!/usr/bin/env python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the lab: `tests/lab/lab.py up 3`."""

from __future__ import annotations

import runpy

if __name__ == "__main__":
    # The package stands beside this file, whose folder Python puts on the path.
    runpy.run_module("mke4k_lab", run_name="__main__", alter_sys=True)
