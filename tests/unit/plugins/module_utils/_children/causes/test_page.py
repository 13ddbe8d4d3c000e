# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about causes says what the code says."""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import CAUSES
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes import page


def test_the_page_about_causes_is_up_to_date() -> None:
    """After a change of the table: python -m tests.unit.plugins.module_utils._children.causes.page."""
    assert page.PAGE.read_text(encoding="utf-8") == page.text()


def test_every_cause_is_on_the_page() -> None:
    listed = [cause for _title, causes in page.SECTIONS for cause in causes]
    assert sorted(cause.name for cause in listed) == sorted(cause.name for cause in CAUSES)
