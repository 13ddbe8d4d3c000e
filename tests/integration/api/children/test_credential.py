# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential of children on a real API server with CAPA's own kinds, before a simulated AWS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.action.aws_credential import ActionModule
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from tests.api import fault_kinds
from tests.api.bed import Bed
from tests.api.faults import FaultProxy
from tests.aws.bed import Aws
from tests.aws.fixtures import aws, aws_server
from tests.integration.api.weather import UNSEEN
from tests.integration.input.conftest import Workplace

from .capa import INFRASTRUCTURE, Capa, capa

__all__ = ["aws", "aws_server", "capa"]
Run = Callable[..., dict[str, Any]]
BY_ROLE = {"kind": "role", "role_arn": "arn:aws:iam::123456789012:role/mke"}
ROLE_CRD = "awsclusterroleidentities.infrastructure.cluster.x-k8s.io"


@pytest.fixture
def run(bed: Bed, aws: Aws, capa: Capa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A task with the keys of the environment, and an identity of the test's own."""
    for name, value in aws.environment(aws.user_with(actions=["ec2:*"])).items():
        monkeypatch.setenv(name, value)

    def found(*, check_mode: bool = False, server: str = "", **arguments: Any) -> dict[str, Any]:
        given = {"name": capa.namespace, "timeout": 30, "kubeconfig": bed.kubeconfig(server=server), **arguments}
        return dict(action(ActionModule, tmp_path, given, check_mode=check_mode, diff=True).run(task_vars={}))

    return found


def actions(result: dict[str, Any]) -> list[str]:
    return [item["action"] for item in result["objects"]]


def test_it_is_made_once_and_found_again(run: Run, capa: Capa, bed: Bed, aws: Aws) -> None:
    foretold = run(check_mode=True)
    made = run()
    assert not made.get("failed"), made
    assert actions(foretold) == actions(made) == ["created"] * 4
    assert (made["ready"], made["account"], made["keys_from"]) == (True, "123456789012", "from the environment")
    assert made["secret_namespace"] == made["namespace"] == capa.namespace
    again = run()
    assert (again["changed"], actions(again), again["diff"]) == (False, ["unchanged"] * 4, [])
    assert again["api_requests"] <= 8
    identity = bed.client.get(f"{INFRASTRUCTURE}/awsclusterstaticidentities/{capa.namespace}")
    assert identity is not None
    assert identity["spec"] == {"secretRef": f"{capa.namespace}-secret", "allowedNamespaces": {}}
    assert [call["action"] for call in aws.calls if call["service"] == "sts"] == ["sts:GetCallerIdentity"] * 2


def test_no_key_is_in_a_result(run: Run, monkeypatch: pytest.MonkeyPatch, aws: Aws) -> None:
    keys = aws.user_with()
    results = [run(), run(access_key=keys.access_key, secret_key=keys.secret_key), run(state="absent")]
    assert not [result for result in results if result.get("failed")]
    assert keys.secret_key not in str(results)
    assert keys.access_key not in str(results)
    assert "AKIA" not in str(results)


def test_it_goes_when_no_child_uses_it(run: Run, capa: Capa) -> None:
    run()
    capa.cluster("berlin", capa.namespace)
    refused = run(state="absent")
    assert refused["failed"]
    assert refused["children"] == ["berlin"]
    capa.bed.client.call("DELETE", capa.path("awsclusters", "berlin"))
    assert actions(run(state="absent")) == ["deleted"] * 4
    assert not run(state="absent")["changed"]


def test_what_kubectl_has_made_by_the_documentation_is_adopted_and_mended(
    run: Run, capa: Capa, bed: Bed, aws: Aws
) -> None:
    keys = aws.user_with()
    name, space = capa.namespace, capa.namespace
    strings = {"AccessKeyID": keys.access_key, "SecretAccessKey": keys.secret_key}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": f"{name}-secret"}, "type": "Opaque"}
    bed.client.call("POST", f"/api/v1/namespaces/{space}/secrets", {**secret, "stringData": strings})
    identity = {"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2", "kind": "AWSClusterStaticIdentity"}
    spec = {"secretRef": f"{name}-secret", "allowedNamespaces": {"selector": {"matchLabels": {}}}}
    bed.client.call(
        "POST", f"{INFRASTRUCTURE}/awsclusterstaticidentities", {**identity, "metadata": {"name": name}, "spec": spec}
    )
    done = run(keep_keys=True)
    assert actions(done) == ["unchanged", "created", "updated", "created"]
    live = bed.client.get(f"{INFRASTRUCTURE}/awsclusterstaticidentities/{name}")
    assert live is not None
    assert live["spec"]["allowedNamespaces"] == {}
    assert actions(run(keep_keys=True)) == ["unchanged"] * 4


@pytest.mark.parametrize(
    "options",
    [
        {**BY_ROLE, "external_id": "x", "duration_seconds": "3600", "source_identity": {"kind": "static", "name": "x"}},
        {**BY_ROLE, "session_name": "mke", "policy_arns": ["arn:aws:iam::aws:policy/x"]},
        {"kind": "controller", "name": "default"},
    ],
    ids=["by static", "by controller", "controller"],
)
def test_identities_of_every_kind_are_as_capa_wants_them(run: Run, options: dict[str, Any]) -> None:
    made = run(**options)
    assert not made.get("failed"), made
    assert (actions(made), made["ready"], made["keys_from"]) == (["created"] * 3, True, "none") or options[
        "kind"
    ] == "controller"
    assert not run(**options)["changed"]
    # Of the controller's own identity there is one in the whole cluster, which clusters of other tests may use.
    if options["kind"] != "controller":
        assert run(state="absent", **options)["changed"]


def test_it_waits_until_the_provider_has_brought_its_kinds(bed: Bed, run: Run, capa: Capa) -> None:
    crd = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{ROLE_CRD}"
    live = bed.client.get(crd)
    assert live is not None
    bed.client.call("DELETE", crd)
    capa.until(lambda: bed.client.get(crd) is None)
    try:
        late = run(**BY_ROLE, timeout=1)
        assert late["failed"]
        assert "the kind AWSClusterRoleIdentity: it does not exist" in late["msg"]
        assert "cluster-api-provider-aws" in late["msg"]
    finally:
        fresh = {key: live[key] for key in ("apiVersion", "kind", "spec")}
        named = {"name": live["metadata"]["name"], "annotations": {}, "labels": live["metadata"].get("labels") or {}}
        bed.client.call("POST", crd.rpartition("/")[0], {**fresh, "metadata": named})
    assert run(**BY_ROLE)["ready"]
    run(state="absent", **BY_ROLE)


def test_bad_weather_is_no_failure(run: Run, proxy: FaultProxy) -> None:
    run()
    for name, fault in UNSEEN.items():
        if name != "expired token":
            proxy.expect(fault, skip=1)
    done = run(server=proxy.url)
    assert not done.get("failed"), done
    assert not done["changed"]
    assert proxy.played


def test_who_may_not_write_is_told_by_the_server(run: Run, bed: Bed) -> None:
    refused = run(kubeconfig=bed.kubeconfig("restricted"))
    assert refused["failed"]
    assert "403" in refused["msg"]


def test_a_server_that_is_away_is_told(run: Run, proxy: FaultProxy) -> None:
    proxy.expect(fault_kinds.unavailable(), times=1000)
    away = run(server=proxy.url, request_timeout=1)
    assert away["failed"]
    assert "currently unable to handle the request" in away["msg"]


def test_keys_of_a_file_are_taken_and_those_of_variables_with_a_warning(
    bed: Bed, aws: Aws, capa: Capa, tmp_path: Path
) -> None:
    """Whole tasks, as a playbook has them."""
    workplace = Workplace(tmp_path)
    keys = aws.user_with(actions=["ec2:*"])
    text = f"AWS_ACCESS_KEY_ID={keys.access_key}\nAWS_SECRET_ACCESS_KEY={keys.secret_key}\n"
    file = workplace.write("keys.env", text)
    file.chmod(0o600)
    common = {"name": capa.namespace, "kubeconfig": str(bed.kubeconfig_file(tmp_path)), "endpoint_url": aws.url}
    by_file = {"mke4k.core.aws_credential": {**common, "credentials_file": str(file)}}
    by_task = {"mke4k.core.aws_credential": common, "environment": keys.environment}
    by_variables = {"mke4k.core.aws_credential": {**common, **keys.options}}
    first, second, third = workplace.play(by_file, by_task, by_variables, arguments=("-vvv", "--diff"))
    assert [ran.result.get("keys_from") for ran in (first, second, third)] == [
        f"from {file}",
        "from the environment",
        "from the arguments",
    ]
    assert [ran.result["changed"] for ran in (first, second, third)] == [True, False, False]
    assert first.output.count("The AWS keys were given as arguments") == 1
    assert keys.secret_key not in first.output
