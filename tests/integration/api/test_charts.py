# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts through a real API server, whose k0s is a thread that walks into every trap of the real one."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import (
    ChartsOutcome,
    ChartSpec,
    install_charts,
    remove_charts,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import WaitFailed
from tests.api.bed import Bed
from tests.api.client import MERGE, Object

CHARTS = "/apis/helm.k0sproject.io/v1beta1/namespaces/kube-system/charts"
FINALIZER = "helm.k0sproject.io/uninstall-helm-release"
LOCKED = "another operation (install/upgrade/rollback) is in progress"
SECONDS = 30.0


def hash_of(spec: Object) -> str:
    return hashlib.sha256((spec["releaseName"] + spec.get("values", "")).encode()).hexdigest()


def charts(bed: Bed) -> list[Object]:
    items: list[Object] = (bed.client.get(CHARTS) or {}).get("items", [])
    return items


class K0s:
    """Works on one chart after the other as k0s does: a values-only upgrade that failed is left alone, an old status
    stays while work goes on, and a Chart without a release name is never let go. `broken` says what fails, and why.
    """

    def __init__(self, bed: Bed) -> None:
        self.bed = bed
        self.broken: Callable[[Object], str] = lambda _chart: ""
        self.tried: list[tuple[str, str]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._ended.wait(0.1):
            for chart in charts(self.bed):
                self._reconcile(chart)

    def _reconcile(self, chart: Object) -> None:
        metadata, spec, status = chart["metadata"], chart["spec"], chart.get("status") or {}
        path = f"{CHARTS}/{metadata['name']}"
        if metadata.get("deletionTimestamp"):
            if status.get("releaseName") and FINALIZER in metadata.get("finalizers", ()):
                self.bed.client.request("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
            return
        is_new_version = status.get("version") != spec["version"]
        is_first = not status.get("releaseName")
        if status.get("valuesHash") == hash_of(spec) and not (
            is_new_version and not (is_first and status.get("error"))
        ):
            return
        self.tried.append((spec["version"], spec.get("values", "")))
        error = self.broken(chart)
        done: Object = {"error": error, "valuesHash": hash_of(spec), "updated": "now"}
        if not error:
            done |= {"releaseName": spec["releaseName"], "namespace": spec["namespace"], "version": spec["version"]}
            done |= {"revision": int(status.get("revision") or 0) + 1, "appVersion": "1"}
        # The Chart may be gone meanwhile.
        self.bed.client.request("PATCH", f"{path}/status", {"status": {**status, **done}}, MERGE)


@pytest.fixture
def k0s(bed: Bed) -> Iterator[K0s]:
    bed.load_crds("helm.k0sproject.io")
    bed.ensure_namespace("kube-system")
    found = K0s(bed)
    found.start()
    yield found
    found.end()
    for chart in charts(bed):
        path = f"{CHARTS}/{chart['metadata']['name']}"
        bed.client.request("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
        bed.client.request("DELETE", path)


def app(namespace: str, **changes: Any) -> ChartSpec:
    given = {"name": "app", "chart": "oci://registry.test/app", "version": "1.0.0", "namespace": namespace}
    return ChartSpec.from_dict({**given, **changes})


def install(bed: Bed, *specs: ChartSpec) -> ChartsOutcome:
    return install_charts(bed.api(), specs, dry_run=False, timeout=SECONDS)


def remove(bed: Bed, *names: str) -> ChartsOutcome:
    return remove_charts(bed.api(), names, dry_run=False, timeout=SECONDS)


def test_charts_are_handed_over_together_and_a_second_run_is_one_request(bed: Bed, k0s: K0s, namespace: str) -> None:
    specs = [app(namespace), app(namespace, name="two", values={"a": 1})]
    done = install(bed, *specs)
    assert [state.state for state in done.states] == ["deployed", "deployed"]
    api = bed.api()
    assert not install_charts(api, specs, dry_run=False).changed
    assert api.requests <= 2


def test_a_failed_values_upgrade_is_tried_again_and_heals(bed: Bed, k0s: K0s, namespace: str) -> None:
    install(bed, app(namespace))
    k0s.broken = lambda _chart: "context deadline exceeded"
    wanted = app(namespace, values={"a": 1})
    with pytest.raises(WaitFailed, match=r"1\.0\.0 goes on running"):
        install(bed, wanted)
    k0s.broken = lambda _chart: ""
    done = install(bed, wanted)
    assert [state.state for state in done.states] == ["deployed"]
    assert not install(bed, wanted).changed


def test_an_old_error_does_not_count_for_what_is_asked_now(bed: Bed, k0s: K0s, namespace: str) -> None:
    k0s.broken = lambda chart: "1.0.0: not found" if chart["spec"]["version"] == "1.0.0" else ""
    with pytest.raises(WaitFailed, match="letter by letter"):
        install(bed, app(namespace))
    assert install(bed, app(namespace, version="2.0.0")).states[0].version == "2.0.0"


def test_a_failure_of_one_chart_leaves_the_other_alone(bed: Bed, k0s: K0s, namespace: str) -> None:
    k0s.broken = lambda chart: "failed pre-install: BackoffLimitExceeded" if chart["metadata"]["name"] == "bad" else ""
    with pytest.raises(WaitFailed, match="A hook of the chart failed") as caught:
        install(bed, app(namespace), app(namespace, name="bad"))
    states = {row["name"]: row["state"] for row in caught.value.report()["charts"]}
    assert states["bad"] == "failed"
    assert states["app"] != "failed"


def test_a_locked_release_is_freed(bed: Bed, k0s: K0s, namespace: str) -> None:
    install(bed, app(namespace))
    secret = f"/api/v1/namespaces/{namespace}/secrets/sh.helm.release.v1.app.v2"
    labels = {"owner": "helm", "name": "app", "status": "pending-upgrade", "version": "2"}
    metadata = {"name": "sh.helm.release.v1.app.v2", "namespace": namespace, "labels": labels}
    bed.client.apply(secret, {"apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1", "metadata": metadata})
    k0s.broken = lambda _chart: LOCKED if bed.client.request("GET", secret).status == 200 else ""
    assert install(bed, app(namespace, version="2.0.0")).states[0].state == "deployed"
    assert bed.client.request("GET", secret).status == 404


@pytest.mark.parametrize("fails", [False, True])
def test_a_chart_goes_away_also_where_its_first_install_failed(bed: Bed, k0s: K0s, namespace: str, fails: bool) -> None:
    k0s.broken = lambda _chart: "no such version" if fails else ""
    if fails:
        with pytest.raises(WaitFailed):
            install(bed, app(namespace))
    else:
        install(bed, app(namespace))
    assert remove(bed, "app").changed
    assert bed.client.request("GET", f"{CHARTS}/app").status == 404
    assert not remove(bed, "app").changed


def test_check_mode_writes_nothing(bed: Bed, k0s: K0s, namespace: str) -> None:
    assert install_charts(bed.api(), [app(namespace)], dry_run=True).changed
    assert charts(bed) == []
