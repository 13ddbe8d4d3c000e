# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts through k0s: from what is asked for to what runs, with all that comes in between."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts import (
    chart_states,
    install_charts,
    restart_warning,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.objects import attempt_of, values_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartMistake, ChartSpec
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NotServed, TimedOut, WaitFailed
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

from .clusters import Cluster, Manifest, chart, deployed, failed, honest, release_secret, spec

BUSY = "another operation (install/upgrade/rollback) is in progress"
IN_USE = "cannot re-use a name that is still in use"
LIST = "list Chart kube-system"
APPLY = "apply Chart kube-system/app"


def install(cluster: Cluster, *specs: ChartSpec, dry_run: bool = False, **options: Any) -> Any:
    return install_charts(cluster, specs or (spec(),), dry_run=dry_run, **options)  # type: ignore[arg-type]


def with_secrets(cluster: Cluster, *secrets: Manifest) -> Cluster:
    for item in secrets:
        cluster.objects[Ref("v1", "Secret", item["metadata"]["name"], "apps")] = item
    return cluster


def unless_locked(cluster: Cluster, error: str = BUSY) -> None:
    """k0s fails as long as Helm's record is locked."""
    cluster.k0s = lambda manifest: failed(manifest, error) if cluster.names("Secret") else deployed(manifest)


def test_what_is_unchanged_costs_one_request() -> None:
    cluster = Cluster(deployed(chart()), deployed(chart(spec("two"))))
    done = install(cluster, spec(), spec("two"))
    assert not done.changed
    assert [state.state for state in done.states] == ["deployed", "deployed"]
    assert cluster.asked == [LIST]


def test_what_the_caller_has_read_is_not_read_again() -> None:
    cluster = Cluster()
    install(cluster, known={"app": deployed(chart())})
    assert cluster.asked == []


def test_a_new_chart_is_installed_and_seen_to_run() -> None:
    cluster = Cluster()
    done = install(cluster, spec(values={"a": 1}))
    assert [change.action for change in done.changes] == ["created"]
    assert (done.states[0].state, done.states[0].version) == ("deployed", "1.0.0")
    assert cluster.asked == [LIST, APPLY, LIST]


def test_charts_are_handed_over_together_and_come_back_in_their_order() -> None:
    cluster = Cluster(deployed(chart(spec("b"))))
    done = install(cluster, spec("c"), spec("b"), spec("a", version="2.0.0"))
    assert [change.action for change in done.changes] == ["created", "unchanged", "created"]
    assert [state.name for state in done.states] == ["c", "b", "a"]


def test_an_install_of_somebody_else_is_waited_for() -> None:
    cluster = Cluster(chart())
    cluster.becomes(deployed)
    assert not install(cluster).changed
    assert cluster.writes == []


def test_an_old_error_is_not_believed() -> None:
    cluster = Cluster(failed(chart(), "no such version"), k0s=lambda manifest: manifest)
    cluster.becomes(lambda manifest: {**manifest, "metadata": {**manifest["metadata"], "labels": {}}})
    cluster.becomes(deployed)
    done = install(cluster, spec(version="1.0.1"))
    assert done.states[0].version == "1.0.1"
    assert attempt_of(cluster.chart()) == 1


def test_weather_passes() -> None:
    cluster = Cluster(k0s=lambda manifest: failed(manifest, "dial tcp: connect: connection refused"))
    cluster.becomes(deployed)
    assert install(cluster).states[0].state == "deployed"


def test_values_that_failed_are_tried_again_and_then_left_alone() -> None:
    cluster = Cluster()
    with pytest.raises(WaitFailed):
        install(cluster, spec(values={"error": "hook failed"}))
    cluster.k0s = deployed
    assert install(cluster, spec(values={"error": "hook failed"})).changed
    assert not install(cluster, spec(values={"error": "hook failed"})).changed
    assert values_of(cluster.chart()) == {"error": "hook failed"}


def test_a_failure_says_what_was_tried_what_runs_and_what_to_do() -> None:
    cluster = Cluster(deployed(chart()))
    error = "registry.test/mke/app:9.9.9: not found"
    with pytest.raises(WaitFailed) as caught:
        install(cluster, spec(version="9.9.9", values={"error": error}), spec("two"))
    text = str(caught.value)
    for words in (
        "chart app (oci://registry.test/mke/app 9.9.9, release app in apps)",
        error,
        "1.0.0 goes on running",
        "The registry has no such chart, or not this version of it",
    ):
        assert words in text
    assert "chart two" not in text
    assert [row["state"] for row in caught.value.details["charts"]] == ["failed", "deployed"]
    assert json.dumps(caught.value.report())


def test_a_failure_names_hooks_pods_and_images_of_its_namespace() -> None:
    cluster = Cluster()
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "app-before", "namespace": "apps", "annotations": {"helm.sh/hook": "pre-install"}},
        "status": {"conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}]},
    }
    cluster.objects[Ref.of(job)] = job
    with pytest.raises(WaitFailed) as caught:
        install(cluster, spec(values={"error": "failed pre-install"}))
    assert "Job apps/app-before (Helm hook pre-install) failed (BackoffLimitExceeded)" in str(caught.value)
    assert len(caught.value.details["causes"]) == 1


def test_time_that_is_over_tells_who_is_worked_on() -> None:
    cluster = Cluster(k0s=lambda manifest: manifest)

    def late(manifest: Manifest) -> Manifest:
        cluster.now += 1000
        return manifest

    cluster.becomes(late)
    with pytest.raises(TimedOut) as caught:
        install(cluster, timeout=10)
    assert "k0s works on it, one chart after the other" in str(caught.value)


@pytest.mark.parametrize("error", [BUSY, IN_USE])
def test_a_release_that_a_stopped_controller_left_locked_is_unlocked(error: str) -> None:
    told: list[str] = []
    cluster = with_secrets(Cluster(), release_secret(status="deployed"), release_secret(revision=2))
    cluster.objects.pop(Ref("v1", "Secret", "sh.helm.release.v1.app.v1", "apps"))
    unless_locked(cluster, error)
    done = install(cluster, progress=told.append)
    assert done.states[0].state == "deployed"
    assert [line for line in cluster.writes if "Secret" in line] == ["delete Secret apps/sh.helm.release.v1.app.v2"]
    assert ["left locked (pending-install)" in line for line in told] == [True]


def test_only_the_locked_record_goes() -> None:
    cluster = with_secrets(Cluster(), release_secret(status="deployed"), release_secret(revision=2))
    cluster.k0s = lambda manifest: failed(manifest, BUSY) if len(cluster.names("Secret")) > 1 else deployed(manifest)
    install(cluster)
    assert cluster.names("Secret") == ["sh.helm.release.v1.app.v1"]


def test_a_release_of_somebody_else_is_explained_and_left() -> None:
    cluster = with_secrets(Cluster(), release_secret(status="deployed"))
    unless_locked(cluster, IN_USE)
    with pytest.raises(KubeError, match="helm history") as caught:
        install(cluster)
    assert IN_USE in str(caught.value)
    assert cluster.names("Secret") == ["sh.helm.release.v1.app.v1"]


def test_a_release_that_is_locked_again_and_again_is_given_up() -> None:
    cluster = with_secrets(Cluster(), release_secret())

    def always(manifest: Manifest) -> Manifest:
        with_secrets(cluster, release_secret())
        return failed(manifest, BUSY)

    cluster.k0s = always
    with pytest.raises(WaitFailed, match="another operation"):
        install(cluster)
    assert len([line for line in cluster.writes if line.startswith("delete Secret")]) == 3


def test_the_error_of_another_chart_is_told_while_one_is_unlocked() -> None:
    """The old error of the unlocked one is still in its status then."""
    cluster = with_secrets(Cluster(), release_secret())

    def k0s(manifest: Manifest) -> Manifest:
        if manifest["metadata"]["name"] == "two":
            return failed(manifest, "values don't meet the specifications of the schema(s)")
        return failed(manifest, BUSY) if cluster.names("Secret") else manifest

    cluster.k0s = k0s
    with pytest.raises(WaitFailed, match="The values do not fit the chart"):
        install(cluster, spec(), spec("two"))


@pytest.mark.parametrize("fields", [{"namespace": "other"}, {"release": "other"}, {"chart": "oci://registry.test/x"}])
def test_a_change_that_k0s_would_ignore_is_refused_before_any_other(fields: dict[str, Any]) -> None:
    cluster = Cluster(deployed(chart()), deployed(chart(spec("two"))))
    with pytest.raises(ChartMistake, match="Nothing was changed: chart app would change"):
        install(cluster, spec("new"), spec(**fields), spec("two", version="2.0.0"))
    assert cluster.writes == []


def test_all_mistakes_are_told_before_the_api_is_asked() -> None:
    cluster = Cluster()
    with pytest.raises(ChartMistake, match=r"chart app: .*; chart two: "):
        install(cluster, spec(version="1"), spec("two", chart="x"))
    assert cluster.asked == []


def test_a_dry_run_writes_nothing() -> None:
    cluster = Cluster(deployed(chart()))
    done = install(cluster, spec(version="2.0.0"), spec("new"), dry_run=True)
    assert [change.action for change in done.changes] == ["updated", "created"]
    assert cluster.asked == [LIST]


def test_without_wait_it_is_handed_over_only() -> None:
    cluster = Cluster(k0s=lambda manifest: manifest)
    done = install(cluster, wait=False)
    assert (done.changed, done.states[0].state) == (True, "working")
    assert cluster.asked == [LIST, APPLY]


def test_a_diff_shows_values_without_secrets() -> None:
    cluster = Cluster(deployed(chart(spec(values={"auth": {"password": "old-one"}, "replicas": 1}))))
    done = install(cluster, spec(values={"auth": {"password": "new-one"}, "replicas": 2}), dry_run=True)
    (diff,) = done.diffs()
    assert diff["before"]["values"] == {"auth": {"password": "(not shown)"}, "replicas": 1}
    assert diff["after"]["values"] == {"auth": {"password": "(not shown)"}, "replicas": 2}
    assert "old-one" not in repr(done)
    assert "new-one" not in repr(done)


def test_a_cluster_without_charts_is_told_as_such() -> None:
    cluster = Cluster()
    cluster.served = False
    with pytest.raises(NotServed, match="it is not a k0s cluster, or k0s runs with"):
        install(cluster)


def definition(*fields: str) -> Manifest:
    properties: Manifest = {"spec": {"properties": {name: {} for name in fields}}}
    version = {"schema": {"openAPIV3Schema": {"properties": properties}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "charts.helm.k0sproject.io"},
        "spec": {"versions": [version]},
    }


def test_the_place_of_a_chart_is_handed_on_where_k0s_knows_it() -> None:
    cluster = Cluster(definition("repository"))
    install(cluster, spec(repository={"url": "oci://registry.test"}))
    assert cluster.chart()["spec"]["repository"] == {"url": "oci://registry.test"}


@pytest.mark.parametrize("objects", [(), (definition("values"),), ({**definition(), "spec": {}},)])
def test_the_place_of_a_chart_is_refused_where_k0s_would_drop_it(objects: tuple[Manifest, ...]) -> None:
    cluster = Cluster(*objects)
    with pytest.raises(ChartMistake, match="chart app has a repository, which this k0s does not know"):
        install(cluster, spec(repository={"url": "oci://registry.test"}))
    assert cluster.writes == []


def test_controllers_must_not_be_restarted_while_a_chart_is_in_work() -> None:
    cluster = Cluster(deployed(chart()), chart(spec("two")))
    assert "k0s works on the charts two" in restart_warning(chart_states(cluster))  # type: ignore[arg-type]
    cluster.objects = {ref: honest(item) for ref, item in cluster.objects.items()}
    assert restart_warning(chart_states(cluster)) == ""  # type: ignore[arg-type]
