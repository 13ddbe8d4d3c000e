# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chart through k0s is installed, changed and removed in every kind of bad weather."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.action.k0s_chart import ActionModule
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars
from tests.api.faults import FaultProxy
from tests.integration.api.mothership.cluster import Mothership
from tests.integration.api.mothership.platform import hurry
from tests.integration.api.mothership.test_platform_storm import WATCHES
from tests.integration.api.weather import UNSEEN
from tests.lab.standin import kinds

CHART = {
    "name": "app",
    "chart": "oci://registry.test/mke-operator",
    "version": "1.0.0",
    "namespace": "mke",
    "timeout": 60,
}


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def run(folder: Path, there: Mothership, proxy: FaultProxy, *, state: str = "present", **changes: Any) -> Any:
    kubeconfig = there.bed.kubeconfig(server=proxy.url)
    given = {"charts": [{**CHART, **changes}], "state": state, "kubeconfig": kubeconfig, "access": "direct"}
    result = action(ActionModule, folder, given).run(task_vars=task_vars(folder))
    assert not result.get("failed"), result
    return result["changed"]


@pytest.mark.parametrize("weather", [*UNSEEN, *(f"watch {name}" for name in WATCHES)])
def test_a_chart_lives_through_bad_weather(
    weather: str, mothership: Mothership, proxy: FaultProxy, tmp_path: Path
) -> None:
    watch = weather.startswith("watch ")
    fault = WATCHES[weather[6:]] if watch else UNSEEN[weather]

    def expect() -> None:
        # A second refused token in a row would be meant.
        for skip in (0,) if weather == "expired token" else (0, 1):
            proxy.expect(fault, skip=skip, watch=True if watch else None)

    expect()
    assert run(tmp_path, mothership, proxy)
    expect()
    assert not run(tmp_path, mothership, proxy)
    expect()
    assert run(tmp_path, mothership, proxy, version="1.0.1")
    expect()
    assert run(tmp_path, mothership, proxy, state="absent")
    assert mothership.api.get(kinds.CHART, "app", "kube-system") is None
