# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import NONE, Item
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable
from ansible_collections.mke4k.core.plugins.module_utils._kube.support import collect as module
from ansible_collections.mke4k.core.plugins.module_utils._kube.support.collect import Collected, Deadline, collect
from ansible_collections.mke4k.core.plugins.module_utils._kube.support.shape import secret_texts, shaped
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.support.servers import Server

SYSTEM = ("kube-system", "mke")
CANARY = "cAnArY-7f3q1-never-seen"


def run(server: Server, seconds: float = 60, times: Any = (0.0,)) -> Collected:
    ticks = iter(times)
    last: List[float] = []

    def now() -> float:
        last[:] = [next(ticks, last[0] if last else 0.0)]
        return last[0]

    return collect(server, SYSTEM, Deadline(now, seconds))  # type: ignore[arg-type]


def by_name(found: Collected) -> Dict[str, Item]:
    return {item.name: item for item in found.items}


def pod(server: Server, name: str, namespace: str = "kube-system", restarts: int = 0) -> None:
    status = {"containerStatuses": [{"name": "main", "ready": not restarts, "restartCount": restarts}]}
    server.add("pods", name, namespace, status=status)


def test_every_kind_that_the_server_has_is_collected() -> None:
    server = Server()
    server.add("charts", "k0s-addon-chart-x", "kube-system", status={"error": "no"})
    server.add("mkeconfigs", "mke", "mke")
    found = by_name(run(server))
    assert json.loads(found["cluster/objects/charts.helm.k0sproject.io.json"].text)[0]["kind"] == "Chart"
    assert "cluster/objects/mkeconfigs.mke.mirantis.com.json" in found
    assert found["cluster/objects/limitranges.json"].note == NONE
    assert not any("metrics" in name for name in found)
    assert "managedFields" not in found["cluster/objects/mkeconfigs.mke.mirantis.com.json"].text


def test_of_secrets_only_names_and_sizes_are_told_and_their_values_are_known() -> None:
    server = Server()
    server.secret("a", password=CANARY, namespace_="x")
    server.secret("b", token=f"{CANARY}-2")
    server.secret("c", file=f"first line\n{CANARY}-in-a-file\n")
    found = run(server)
    text = by_name(found)["cluster/objects/secrets.json"].text
    assert CANARY not in repr(by_name(found))
    assert '"password": "(32 characters)"' in text
    assert CANARY in found.secrets
    assert f"{CANARY}-2" in found.secrets
    assert f"{CANARY}-in-a-file" in found.secrets
    assert CANARY not in repr(found)


def test_of_users_config_maps_and_variables_only_names_are_told() -> None:
    server = Server()
    container = {"name": "main", "env": [{"name": "HARMLESS", "value": CANARY}, {"name": "FROM", "valueFrom": {}}]}
    server.add("pods", "shop", "shop", spec={"containers": [container]})
    server.add("configmaps", "mine", "shop", data={"notes": CANARY})
    server.add(
        "configmaps", "theirs", "mke", data={"notes": "level: debug\npassword: " + CANARY}, binaryData={"b": "eHg="}
    )
    found = by_name(run(server))
    assert CANARY not in repr(found)
    assert "level: debug" in found["cluster/objects/configmaps.json"].text
    assert '"FROM"' in found["cluster/objects/pods.json"].text


def test_logs_of_the_clusters_own_pods_are_taken_troubled_ones_first_and_before_a_restart_too() -> None:
    server = Server()
    pod(server, "well")
    pod(server, "ill", restarts=3)
    pod(server, "users", "shop")
    server.logs = {"ill": f"--token={CANARY}\n", "ill.previous": "panic: x\n"}
    found = by_name(run(server))
    logs = [name for name in found if name.startswith("cluster/logs/")]
    assert logs == [
        "cluster/logs/kube-system/ill/main.log",
        "cluster/logs/kube-system/ill/main.previous.log",
        "cluster/logs/kube-system/well/main.log",
    ]
    assert found[logs[0]].text == "--token=********\n"
    assert found[logs[2]].note == NONE


def test_more_logs_than_fit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LOGS", 1)
    server = Server()
    pod(server, "one")
    pod(server, "two")
    assert by_name(run(server))["cluster/logs"].note == "1 logs of pods are left out, 1 are in it"


def test_what_the_server_refuses_is_told_and_the_rest_collected() -> None:
    server = Server()
    server.broken = ["/api/v1/configmaps", "/apis/helm.k0sproject.io/v1beta1", "/readyz", "/api/v1/secrets",
                     "/api/v1/namespaces"]  # fmt: skip
    pod(server, "one")
    found = by_name(run(server))
    for name in ("cluster/objects/configmaps.json", "cluster/objects/helm.k0sproject.io_v1beta1", "cluster/readyz.txt",
                 "cluster/objects/secrets.json", "cluster/logs/kube-system/one/main.log"):  # fmt: skip
        assert "403" in found[name].note
    assert found["cluster/objects/pods.json"].text


def test_when_the_time_is_over_the_rest_is_left_out_and_told() -> None:
    server = Server()
    pod(server, "one")
    found = by_name(run(server, seconds=10, times=(0.0, 20.0)))
    assert found["cluster/objects/pods.json"].note == "left out: the 10 s for questions to the API were over"
    assert found["cluster/objects/secrets.json"].note == found["cluster/objects/pods.json"].note
    late = by_name(run(server, seconds=10, times=(0.0, *[1.0] * 8, 20.0)))
    assert late["cluster/logs/kube-system/one/main.log"].note.startswith("left out")


def test_a_server_that_does_not_answer_is_told() -> None:
    server = Server()
    server.gone = "nobody answers"
    with pytest.raises(NotReachable, match="nobody answers"):
        run(server)


def test_an_answer_that_is_no_json_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setattr(server, "_page", lambda _plural, _start: "<html>")
    assert "what is no JSON" in by_name(run(server))["cluster/objects/pods.json"].note


def test_lists_longer_than_a_page_say_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    page = {"kind": "PodList", "metadata": {"continue": "x", "remainingItemCount": 40}, "items": [{"metadata": {}}]}
    monkeypatch.setattr(server, "_page", lambda plural, _start: json.dumps(page if plural == "pods" else {"items": []}))
    assert by_name(run(server))["cluster/objects/pods.json"].note == "the first 500; 40 are left out"


@pytest.mark.parametrize(
    ("key", "value", "kind", "known"),
    [
        ("password", "hunter22", "Opaque", {"hunter22"}),
        ("password", "short", "Opaque", set()),
        ("namespace", "kube-system", "Opaque", set()),
        ("tls.crt", "-----BEGIN CERTIFICATE-----", "kubernetes.io/tls", set()),
        ("any", "-----BEGIN CERTIFICATE-----\nMIIB", "Opaque", set()),
        ("release", "packed chart", "helm.sh/release.v1", set()),
    ],
)
def test_values_of_secrets_that_may_stand_nowhere(key: str, value: str, kind: str, known: Any) -> None:
    server = Server()
    server.secret("s", kind=kind, **{key: value})
    assert secret_texts(server.objects["secrets"]) == known


def test_a_value_that_is_no_text_is_passed_over() -> None:
    assert secret_texts([{"data": {"a": "/w==", "b": "not base64", "c": None}}]) == set()


def test_what_kubectl_wrote_into_annotations_is_left_out() -> None:
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": CANARY, "other": "x"}
    found = shaped({"kind": "MkeConfig", "metadata": {"name": "mke", "annotations": annotations}}, SYSTEM)
    assert found["metadata"]["annotations"] == {"other": "x"}
