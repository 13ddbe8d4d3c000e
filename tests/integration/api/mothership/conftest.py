# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the platform: an API server without hosts, with the stand-in operators on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.bed import Bed
from tests.integration.api.mothership.cluster import GROUPS, Mothership, wipe
from tests.lab.standin.local import without_hosts


@pytest.fixture
def mothership(bed: Bed) -> Iterator[Mothership]:
    """The operators are running; no chart is installed yet."""
    bed.load_crds(*GROUPS)
    for name in ("kube-system", "k0rdent", "mke"):
        bed.ensure_namespace(name)
    standin = without_hosts(bed.kubeconfig(inline=False), pace=0.02)
    with standin:
        yield Mothership(bed, standin)
    wipe(standin.api)
