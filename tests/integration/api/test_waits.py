# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits against a real API server, through everything that may happen to lists and watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube import api as api_module
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused, TimedOut, WaitFailed
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Selection, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import absent, condition, exists, field
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.workloads import deployment_available
from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.fault_kinds import Fault
from tests.api.faults import ALWAYS, FaultProxy

from .weather import UNSEEN, api_through

CHARTS = "/apis/helm.k0sproject.io/v1beta1/namespaces"
# Far longer than anything here takes: a wait that does not end is what fails.
PATIENCE = 120.0


def config_map(bed: Bed, namespace: str, name: str, **data: str) -> None:
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}
    bed.client.apply(f"/api/v1/namespaces/{namespace}/configmaps/{name}", manifest)


def ref(namespace: str, name: str) -> Ref:
    return Ref("v1", "ConfigMap", name, namespace)


def deployment(bed: Bed, namespace: str, name: str) -> str:
    labels = {"app": name}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "none"}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": pod}
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
    bed.client.apply(path, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec})
    return path


AVAILABLE = {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1}


def test_objects_of_many_kinds_are_followed_by_one_list_and_one_watch_a_kind(
    bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    bed.load_crds("helm.k0sproject.io")
    names = [f"c{number}" for number in range(20)]
    for name in names[:10]:
        config_map(bed, namespace, name, phase="new")
    path = deployment(bed, namespace, "ui")
    chart = {"apiVersion": "helm.k0sproject.io/v1beta1", "kind": "Chart", "metadata": {"name": "x"}, "spec": {}}

    def work() -> None:
        for name in names:
            config_map(bed, namespace, name, phase="up")
        bed.client.set_status(path, AVAILABLE)
        bed.client.apply(f"{CHARTS}/{namespace}/charts/x", chart)
        bed.client.set_status(f"{CHARTS}/{namespace}/charts/x", {"version": "1.0.0"})

    elsewhere(lambda: len(proxy.requests(watch=True)) == 3, work)
    wanted = [Wanted(ref(namespace, name), field("data.phase", "up")) for name in names]
    wanted.append(Wanted(Ref("apps/v1", "Deployment", "ui", namespace), deployment_available()))
    wanted.append(Wanted(Ref("helm.k0sproject.io/v1beta1", "Chart", "x", namespace), field("status.version", "1.0.0")))
    found = wait_all(api_through(bed, proxy), wanted, PATIENCE)
    assert len(found) == 22
    lists = [request for request in proxy.requests("GET", watch=False) if "/namespaces/" in request.path]
    assert (len(lists), len(proxy.requests(watch=True))) == (3, 3)
    # Others count the charts of the whole server.
    bed.client.call("DELETE", f"{CHARTS}/{namespace}/charts/x")


def test_what_is_as_it_should_be_costs_one_request_a_kind(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    for name in ("a", "b"):
        config_map(bed, namespace, name, phase="up")
    api = api_through(bed, proxy)
    up = field("data.phase", "up")
    wait_all(api, [Wanted(ref(namespace, name), up) for name in ("a", "b")], PATIENCE)
    assert api.requests == len(proxy.requests()) == 1


def follow(
    bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None], api: Api, watches: int = 1
) -> Any:
    """A wait during which the object changes step by step, each step after one more watch was seen."""
    config_map(bed, namespace, "x", phase="0")
    for step in range(1, watches + 1):
        elsewhere(
            lambda seen=step: len(proxy.requests(watch=True)) >= seen,
            lambda seen=step: config_map(bed, namespace, "x", phase=str(seen)),
        )
    wanted = [Wanted(ref(namespace, "x"), field("data.phase", str(watches)))]
    found = wait_all(api, wanted, PATIENCE)
    return found[ref(namespace, "x")]["data"]["phase"]


# A watch has no end that could be truncated; what can happen to it is below.
OPENINGS = [name for name in UNSEEN if name not in ("truncated", "truncated to nothing", "lost answer")]


@pytest.mark.parametrize(
    ("watch", "weather"), [*[(False, name) for name in UNSEEN], *[(True, name) for name in OPENINGS]]
)
def test_bad_weather_does_not_end_a_wait(
    watch: bool, weather: str, bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    times = 1 if weather in ("expired token", "slow") else 3
    proxy.expect(UNSEEN[weather], times=times, watch=watch)
    assert follow(bed, proxy, namespace, elsewhere, api_through(bed, proxy), watches=1) == "1"
    assert proxy.played


@pytest.mark.parametrize(("how", "events"), [("end", 0), ("end", 1), ("torn", 0), ("reset", 0), ("reset", 1)])
def test_a_cut_watch_is_taken_up_again_without_a_new_list(
    how: str, events: int, bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    proxy.expect(fault_kinds.Cut(events, how), times=3, watch=True)
    assert follow(bed, proxy, namespace, elsewhere, api_through(bed, proxy), watches=4) == "4"
    assert len(proxy.requests("GET", "/configmaps", watch=False)) == 1


@pytest.mark.parametrize("fault", [fault_kinds.gone(), fault_kinds.gone_in_watch()], ids=["status", "event"])
def test_a_version_that_is_too_old_is_answered_by_a_new_list(
    fault: Fault, bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    proxy.expect(fault, times=2, watch=True)
    assert follow(bed, proxy, namespace, elsewhere, api_through(bed, proxy), watches=3) == "3"
    assert 2 <= len(proxy.requests("GET", "/configmaps", watch=False)) <= 3


def test_a_watch_that_fell_silent_is_taken_up_again(
    bed: Bed,
    proxy: FaultProxy,
    namespace: str,
    elsewhere: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api_module, "SILENT_SECONDS", 0.5)
    proxy.expect(fault_kinds.Silent(), times=2, watch=True)
    assert follow(bed, proxy, namespace, elsewhere, api_through(bed, proxy), watches=3) == "3"


def test_a_kind_may_come_while_it_is_waited_for(
    bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    group = f"{namespace}.example"
    names = {"kind": "Thing", "plural": "things", "listKind": "ThingList", "singular": "thing"}
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"things.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [version]},
    }
    thing = {"apiVersion": f"{group}/v1", "kind": "Thing", "metadata": {"name": "x"}}

    def work() -> None:
        from tests.api import crds  # noqa: PLC0415

        crds.load(bed.client, [crd])
        bed.client.apply(f"/apis/{group}/v1/namespaces/{namespace}/things/x", thing)

    elsewhere(lambda: len(proxy.requests("GET", f"/apis/{group}")) > 1, work)
    found = wait_all(api_through(bed, proxy), [Wanted(Ref(f"{group}/v1", "Thing", "x", namespace), exists())], PATIENCE)
    assert len(found) == 1


def test_an_object_that_goes_away_is_waited_for(
    bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    config_map(bed, namespace, "x")
    path = f"/api/v1/namespaces/{namespace}/configmaps/x"
    elsewhere(lambda: proxy.requests(watch=True), lambda: bed.client.call("DELETE", path))
    assert wait_all(api_through(bed, proxy), [Wanted(ref(namespace, "x"), absent())], PATIENCE) == {}


def test_a_selection_follows_objects_as_they_come(
    bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    def work() -> None:
        for name in ("a", "b", "c"):
            config_map(bed, namespace, name, phase="up")

    elsewhere(lambda: proxy.requests(watch=True), work)
    selection = Selection(Kind("v1", "ConfigMap"), namespace, at_least=3)
    found = wait_all(api_through(bed, proxy), [Wanted(selection, field("data.phase", "up"))], PATIENCE)
    assert [item.name for item in found] == ["a", "b", "c"]


def fill_with_trouble(bed: Bed, namespace: str) -> None:
    """A pod without its image, a failed hook and a warning, as a cluster would have them."""
    base = f"/api/v1/namespaces/{namespace}"
    container = {"name": "main", "image": "registry.example.com/ui:1"}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "ui-0"}, "spec": {"containers": [container]}}
    bed.client.apply(f"{base}/pods/ui-0", pod)
    waiting = {"waiting": {"reason": "ErrImagePull", "message": "manifest unknown"}}
    state = {**container, "ready": False, "restartCount": 0, "imageID": "", "state": waiting}
    bed.client.set_status(f"{base}/pods/ui-0", {"phase": "Pending", "containerStatuses": [state]})
    target = {"kind": "Pod", "name": "ui-0", "namespace": namespace}
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "ui-0.1"},
        "involvedObject": target,
        "type": "Warning",
        "reason": "FailedMount",
        "message": 'secret "ui" not found',
        "lastTimestamp": "2026-11-21T06:00:00Z",
    }
    bed.client.apply(f"{base}/events/ui-0.1", event)


def test_on_time_out_the_cause_is_told(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    deployment(bed, namespace, "ui")
    fill_with_trouble(bed, namespace)
    wanted = [Wanted(Ref("apps/v1", "Deployment", "ui", namespace), deployment_available())]
    with pytest.raises(TimedOut) as caught:
        wait_all(api_through(bed, proxy), wanted, 0.5)
    text = str(caught.value)
    assert f"Deployment {namespace}/ui: its controller has not looked at it yet" in text
    image = "image registry.example.com/ui:1 can't be pulled (ErrImagePull): manifest unknown"
    assert f"Pod {namespace}/ui-0: {image}" in text
    assert f'Event at 06:00:00, Pod {namespace}/ui-0 (FailedMount): secret "ui" not found' in text


def test_a_failure_ends_the_wait_at_once(
    bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    path = deployment(bed, namespace, "ui")
    late = {
        "type": "Progressing",
        "status": "False",
        "reason": "ProgressDeadlineExceeded",
        "message": "ReplicaSet has timed out progressing.",
    }
    status = {"observedGeneration": 1, "conditions": [late]}
    elsewhere(lambda: proxy.requests(watch=True), lambda: bed.client.set_status(path, status))
    with pytest.raises(WaitFailed, match="ProgressDeadlineExceeded"):
        wait_all(
            api_through(bed, proxy),
            [Wanted(Ref("apps/v1", "Deployment", "ui", namespace), deployment_available())],
            PATIENCE,
        )


def test_a_status_of_an_older_form_of_the_object_does_not_count(
    bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    path = deployment(bed, namespace, "ui")
    bed.client.set_status(path, AVAILABLE)
    bed.client.call("PATCH", path, {"spec": {"minReadySeconds": 1}}, "application/merge-patch+json")
    newer = {**AVAILABLE, "observedGeneration": 2}
    elsewhere(lambda: proxy.requests(watch=True), lambda: bed.client.set_status(path, newer))
    target = Ref("apps/v1", "Deployment", "ui", namespace)
    found = wait_all(api_through(bed, proxy), [Wanted(target, deployment_available())], PATIENCE)
    assert found[target]["status"]["observedGeneration"] == 2


def test_who_may_not_look_is_told_at_once(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    api = api_through(bed, proxy, user="restricted")
    wanted = [Wanted(Ref("apps/v1", "Deployment", "ui", namespace), condition("Available"))]
    with pytest.raises(Refused, match="deployments"):
        wait_all(api, wanted, PATIENCE)


def test_a_server_that_never_answers_is_told_when_the_time_is_over(bed: Bed, proxy: FaultProxy, namespace: str) -> None:
    proxy.expect(fault_kinds.unavailable(), times=ALWAYS)
    with pytest.raises(TimedOut) as caught:
        wait_all(api_through(bed, proxy, deadline=0.2), [Wanted(ref(namespace, "x"), exists())], 1.5)
    assert "The API server could not be asked: " in str(caught.value)
    assert "currently unable to handle the request" in str(caught.value)


def test_a_server_that_comes_back_goes_on_with_the_wait(
    bed: Bed, proxy: FaultProxy, namespace: str, elsewhere: Callable[..., None]
) -> None:
    config_map(bed, namespace, "x")
    proxy.expect(fault_kinds.unavailable(), times=ALWAYS)
    elsewhere(lambda: len(proxy.requests()) > 8, proxy.forget)
    found = wait_all(api_through(bed, proxy, deadline=0.2), [Wanted(ref(namespace, "x"), exists())], PATIENCE)
    assert len(found) == 1
