# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The platform is installed through a storm: faults of all kinds in requests and watches."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.fault_kinds import Fault
from tests.api.faults import FaultProxy
from tests.integration.api.mothership.platform import LAYERS, hurry, operators, run_platform
from tests.integration.api.weather import UNSEEN

MOST_REQUESTS = 25
# A second refused token in a row would be meant.
REQUESTS = [fault for name, fault in UNSEEN.items() if name != "expired token"]
WATCHES: dict[str, Fault] = {
    "cut": fault_kinds.Cut(1, "end"),
    "cut at once": fault_kinds.Cut(0, "reset"),
    "reset": fault_kinds.Cut(1, "reset"),
    "torn": fault_kinds.Cut(0, "torn"),
    "gone": fault_kinds.gone(),
    "gone event": fault_kinds.gone_in_watch(),
}


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def storm(proxy: FaultProxy, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same storm each time
    for _number in range(30):
        proxy.expect(chance.choice(REQUESTS), skip=chance.randrange(4), watch=False)
    for _number in range(20):
        proxy.expect(chance.choice(list(WATCHES.values())), skip=chance.randrange(2), watch=True)


@pytest.mark.parametrize("seed", range(2))
def test_the_platform_is_installed_through_a_storm(seed: int, bed: Bed, proxy: FaultProxy, tmp_path: Path) -> None:
    storm(proxy, seed)
    with operators(bed):
        results = run_platform(tmp_path, bed.kubeconfig(server=proxy.url))
        changed = {name for name, result in results.items() if result["changed"]}
        assert changed == set(LAYERS) - {"mke_status"}
        assert results["mke_status"]["ready"]
        assert any(request.fault for request in proxy.requests(watch=True))
        proxy.forget()
        again = run_platform(tmp_path, bed.kubeconfig(server=proxy.url))
        assert not any(result["changed"] for result in again.values())
        assert len(proxy.requests()) <= MOST_REQUESTS
