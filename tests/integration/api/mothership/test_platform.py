# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole platform on a real API server: what a converged re-run costs, and bad weather at any moment of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.faults import ALWAYS, FaultProxy
from tests.integration.api.mothership.cluster import Mothership
from tests.integration.api.mothership.platform import LAYERS, hurry, operators, run_layer, run_platform
from tests.integration.api.weather import UNSEEN

MOST_REQUESTS = 25


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@pytest.fixture(scope="module")
def converged(bed: Bed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mothership]:
    """A cluster on which everything has been installed once."""
    with operators(bed) as there:
        run_platform(tmp_path_factory.mktemp("first"), bed.kubeconfig())
        yield there


def test_a_converged_rerun_of_the_whole_platform_makes_at_most_25_requests(
    converged: Mothership, proxy: FaultProxy, tmp_path: Path
) -> None:
    results = run_platform(tmp_path, converged.bed.kubeconfig(server=proxy.url))
    assert {name: result["changed"] for name, result in results.items()} == dict.fromkeys(LAYERS, False)
    counted = {name: result["api_requests"] for name, result in results.items()}
    assert sum(counted.values()) == len(proxy.requests())
    assert len(proxy.requests()) <= MOST_REQUESTS, "\n".join([str(counted), *map(str, proxy.requests())])


def test_a_converged_rerun_writes_nothing_and_watches_nothing(
    converged: Mothership, proxy: FaultProxy, tmp_path: Path
) -> None:
    run_platform(tmp_path, converged.bed.kubeconfig(server=proxy.url))
    assert {request.method for request in proxy.requests()} == {"GET"}
    assert proxy.requests(watch=True) == []


def test_check_mode_on_a_converged_cluster_predicts_no_change(
    converged: Mothership, proxy: FaultProxy, tmp_path: Path
) -> None:
    results = run_platform(tmp_path, converged.bed.kubeconfig(server=proxy.url), check_mode=True)
    assert not any(result["changed"] for result in results.values())
    assert {request.method for request in proxy.requests()} == {"GET"}


@pytest.mark.parametrize("weather", UNSEEN)
@pytest.mark.parametrize("layer", LAYERS)
def test_bad_weather_is_no_change_and_no_failure(
    layer: str, weather: str, converged: Mothership, proxy: FaultProxy, tmp_path: Path
) -> None:
    proxy.expect(UNSEEN[weather])
    proxy.expect(UNSEEN[weather], skip=1)
    result = run_layer(tmp_path, converged.bed.kubeconfig(server=proxy.url), layer)
    assert not result.get("failed"), result
    assert not result["changed"]
    assert proxy.requests()[0].fault


@pytest.mark.parametrize("layer", LAYERS)
def test_a_token_that_has_expired_ends_a_layer_with_what_to_do(
    layer: str, converged: Mothership, proxy: FaultProxy, tmp_path: Path
) -> None:
    proxy.expect(fault_kinds.unauthorized(), times=ALWAYS)
    result = run_layer(tmp_path, converged.bed.kubeconfig(server=proxy.url), layer)
    assert result["failed"]
    assert "get new ones" in result["msg"]


@pytest.mark.parametrize("layer", LAYERS)
def test_who_may_not_look_is_told_what_he_needs(layer: str, converged: Mothership, tmp_path: Path) -> None:
    result = run_layer(tmp_path, converged.bed.kubeconfig("restricted"), layer)
    assert result["failed"]
    assert "403" in result["msg"]
    assert 'User "restricted"' in result["msg"]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_server_that_does_not_come_back_is_told(
    layer: str, converged: Mothership, proxy: FaultProxy, tmp_path: Path
) -> None:
    proxy.expect(fault_kinds.unavailable(), times=ALWAYS)
    result = run_layer(tmp_path, converged.bed.kubeconfig(server=proxy.url), layer, request_timeout=1)
    assert result["failed"]
    assert "currently unable to handle the request" in result["msg"]
