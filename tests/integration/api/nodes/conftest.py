# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of nodes: an API server of their own, on which real controllers make and place pods and kwok plays kubelets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.bed import Bed
from tests.api.controllers import Controllers


@pytest.fixture(scope="package")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controllers]:
    """Other tests write statuses themselves, and would be surprised by controllers on their bed."""
    bed = Bed.start()
    try:
        with Controllers(bed, tmp_path_factory.mktemp("controllers")) as found:
            yield found
    finally:
        bed.stop()


@pytest.fixture
def nodes(living: Controllers, request: pytest.FixtureRequest) -> Iterator[tuple[str, ...]]:
    """Three nodes of the test's own; pods get there by the label `test`."""
    hint = request.node.name.removeprefix("test_").partition("[")[0].replace("_", "-")[:20].strip("-")
    names = tuple(f"{hint}-{number}" for number in range(3))
    living.add_nodes(*names)
    yield names
    living.remove_nodes(*names)


@pytest.fixture
def own_namespace(living: Controllers, request: pytest.FixtureRequest) -> str:
    return living.bed.namespace(request.node.name.removeprefix("test_"))
