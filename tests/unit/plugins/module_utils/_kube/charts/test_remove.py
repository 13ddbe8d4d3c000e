# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts are taken away with their releases, also those that never came to be."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import remove_charts
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import FINALIZER

from .clusters import Cluster, Manifest, chart, deployed, failed, spec

GET = "get Chart kube-system/app"
PATCH = "patch Chart kube-system/app"
DELETE = "delete Chart kube-system/app"


def remove(cluster: Cluster, *names: str, dry_run: bool = False, **options: Any) -> Any:
    return remove_charts(cluster, names or ("app",), dry_run=dry_run, **{"timeout": 60.0, **options})  # type: ignore[arg-type]


def with_finalizers(manifest: Manifest, *finalizers: str) -> Manifest:
    return {**manifest, "metadata": {**manifest["metadata"], "finalizers": list(finalizers)}}


def test_a_deployed_chart_goes_with_its_release() -> None:
    cluster = Cluster(deployed(chart()))
    done = remove(cluster)
    assert [change.action for change in done.changes] == ["deleted"]
    assert done.changes[0].before == {"chart": "oci://registry.test/mke/app", "version": "1.0.0"}
    assert cluster.writes == [DELETE]
    assert cluster.names("Chart") == []


def test_what_is_not_there_is_no_change() -> None:
    cluster = Cluster()
    done = remove(cluster, "app", "two")
    assert not done.changed
    assert [change.action for change in done.changes] == ["absent", "absent"]
    assert cluster.writes == []


def test_the_finalizer_is_set_where_the_release_would_stay() -> None:
    cluster = Cluster(with_finalizers(deployed(chart()), "x"))
    seen: list[list[str]] = []
    cluster.delete = lambda ref, **_options: seen.append(cluster.objects.pop(ref)["metadata"]["finalizers"])  # type: ignore[assignment,method-assign]
    remove(cluster)
    assert cluster.writes == [PATCH]
    assert seen == [["x", FINALIZER]]


def test_a_first_install_that_failed_leaves_no_chart_that_cannot_be_deleted() -> None:
    cluster = Cluster(failed(chart(), "failed pre-install"))
    assert remove(cluster).changed
    assert cluster.writes == [PATCH, DELETE]
    assert cluster.names("Chart") == []


def test_a_first_install_in_work_is_waited_for_so_that_its_release_does_not_stay() -> None:
    cluster = Cluster(chart())
    cluster.becomes(deployed)
    remove(cluster)
    assert cluster.writes == [DELETE]


def test_a_first_install_that_fails_meanwhile_is_no_hindrance() -> None:
    cluster = Cluster(chart())
    cluster.becomes(lambda manifest: failed(manifest, "no such version"))
    remove(cluster)
    assert cluster.writes == [PATCH, DELETE]


def test_an_install_that_nobody_works_on_is_given_up() -> None:
    cluster = Cluster(chart(), k0s=lambda manifest: manifest)
    remove(cluster, timeout=0.0)
    assert cluster.writes == [PATCH, DELETE]


def test_a_version_that_k0s_never_tries_is_not_waited_for() -> None:
    cluster = Cluster(chart(spec(version="1.x")))
    remove(cluster)
    assert cluster.writes == [PATCH, DELETE]


@pytest.mark.parametrize("installed", [True, False])
def test_a_deletion_that_somebody_began_is_brought_to_its_end(installed: bool) -> None:
    """The server takes no new finalizer of what is being deleted."""
    live = deployed(chart()) if installed else failed(chart(), "no such version")
    live = {**live, "metadata": {**live["metadata"], "deletionTimestamp": "2026-11-21T06:00:00Z"}}
    cluster = Cluster(with_finalizers(live, "x") if installed else live)
    remove(cluster)
    assert cluster.writes == ([DELETE] if installed else [PATCH, DELETE])


def test_a_dry_run_writes_nothing() -> None:
    cluster = Cluster(deployed(chart()))
    assert remove(cluster, dry_run=True).changed
    assert cluster.asked == [GET]


def test_without_wait_nothing_is_looked_at_afterwards() -> None:
    cluster = Cluster(deployed(chart()))
    assert remove(cluster, wait=False).changed
    assert cluster.asked == [GET, DELETE]
