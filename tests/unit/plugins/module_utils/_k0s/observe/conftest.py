# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.hosts import OtherHost
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.observe.servers import Pki


@pytest.fixture
def other(tmp_path: Path) -> OtherHost:
    """A host whose files are below a folder."""
    return OtherHost(tmp_path / "host")


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("cluster") / "k0s")
