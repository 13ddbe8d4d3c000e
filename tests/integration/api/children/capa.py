# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CAPA and k0rdent as far as credentials go, on a real API server and before a simulated AWS.

Keys are kept in memory as CAPA 2.8 to 2.11 does (pkg/cloud/scope/session.go): one provider for each key, shared by all
controllers, and one session for each controller and cluster, which is renewed only by whoever sees a new key first.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from tests.api.bed import Bed
from tests.api.client import MERGE, Object
from tests.aws.bed import Aws, Keys

GROUPS = ("k0rdent.mirantis.com", "mke.mirantis.com", "cluster.x-k8s.io", "infrastructure.cluster.x-k8s.io")
INFRASTRUCTURE = "/apis/infrastructure.cluster.x-k8s.io/v1beta2"
CONTROLLERS = ("awscluster", "awsmachine")
PAUSE = 0.1
SINCE = "2026-11-01T10:00:00Z"


@pytest.fixture
def capa(bed: Bed, aws: Aws, namespace: str) -> Iterator[Capa]:
    """One in a namespace of the test's own, before an AWS that asks for permissions."""
    aws.reset(auth=True)
    with Capa(bed, aws, namespace) as found:
        yield found


class Capa:
    """`with Capa(bed, aws, namespace):` it runs in that namespace, and looks after the clusters there."""

    def __init__(self, bed: Bed, aws: Aws, namespace: str) -> None:
        bed.load_crds(*GROUPS)
        self.bed, self.aws, self.namespace = bed, aws, namespace
        self.starts = 0
        self.deployment = f"/apis/apps/v1/namespaces/{namespace}/deployments/capa-controller-manager"
        self._generation = 0
        self._providers: set[Keys] = set()
        self._sessions: dict[tuple[str, str], Any] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capa", daemon=True)
        self.error: BaseException | None = None

    def __enter__(self) -> Capa:
        labels = {"control-plane": "capa-controller-manager", "cluster.x-k8s.io/provider": "infrastructure-aws"}
        pod = {"containers": [{"name": "manager", "image": "capa"}]}
        template = {"metadata": {"labels": labels}, "spec": pod}
        spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
        made = {"apiVersion": "apps/v1", "kind": "Deployment"}
        metadata = {"name": "capa-controller-manager", "namespace": self.namespace, "labels": labels}
        self.bed.client.apply(self.deployment, {**made, "metadata": metadata, "spec": spec})
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(30)
        self.bed.client.call("DELETE", self.deployment)
        for kind in ("awsclusters", "awsmachines"):
            self.bed.client.call("DELETE", self.path(kind))
        if self.error is not None:
            raise self.error

    def path(self, kind: str, name: str = "") -> str:
        return f"{INFRASTRUCTURE}/namespaces/{self.namespace}/{kind}" + (f"/{name}" if name else "")

    def cluster(self, name: str, identity: str, kind: str = "AWSClusterStaticIdentity") -> None:
        """A child with one machine."""
        made = {"apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2"}
        spec = {"region": "eu-west-1", "identityRef": {"kind": kind, "name": identity}}
        metadata = {"name": name, "namespace": self.namespace}
        self.bed.client.apply(
            self.path("awsclusters", name), {**made, "kind": "AWSCluster", "metadata": metadata, "spec": spec}
        )
        labels = {"cluster.x-k8s.io/cluster-name": name}
        machine = {**made, "kind": "AWSMachine", "metadata": {**metadata, "name": f"{name}-1", "labels": labels}}
        self.bed.client.apply(self.path("awsmachines", f"{name}-1"), {**machine, "spec": {"instanceType": "m5.large"}})
        self.until(lambda: self.troubles().get(name) == "" and f"{name}-1" in self.troubles())

    def troubles(self) -> dict[str, str]:
        """What each cluster and machine says, empty for those that work."""
        found = {}
        for kind in ("awsclusters", "awsmachines"):
            for item in self._list(self.path(kind)):
                for condition in (item.get("status") or {}).get("conditions") or ():
                    found[item["metadata"]["name"]] = str(condition.get("message") or "")
        return found

    def until(self, met: Any, seconds: float = 120.0) -> None:
        for _try in range(int(seconds / PAUSE)):
            if met():
                return
            self._stop.wait(PAUSE)
        raise AssertionError(f"not met: {self.troubles()}")

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._look_at_itself()
                self._credentials()
                self._clusters()
                self._stop.wait(PAUSE)
        except BaseException as error:  # noqa: BLE001 - a test has to see it
            self.error = error

    def _look_at_itself(self) -> None:
        live = self._get(self.deployment)
        generation = live["metadata"]["generation"] if live else 0
        if generation == self._generation or not live:
            return
        self._generation, self.starts = generation, self.starts + 1
        self._providers.clear()
        self._sessions.clear()
        counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), 1)
        self.bed.client.set_status(self.deployment, {"observedGeneration": generation, **counts})

    def _credentials(self) -> None:
        path = f"/apis/k0rdent.mirantis.com/v1beta1/namespaces/{self.namespace}/credentials"
        for item in self._list(path):
            generation = item["metadata"]["generation"]
            status = item.get("status") or {}
            if status.get("ready") and status["conditions"][0].get("observedGeneration") == generation:
                continue
            ready = self._identity(item["spec"]["identityRef"]) is not None
            told = {"reason": "Succeeded", "message": "Credential is ready", "lastTransitionTime": SINCE}
            condition = {"type": "CredentialReady", "status": str(ready), "observedGeneration": generation, **told}
            self.bed.client.set_status(
                f"{path}/{item['metadata']['name']}", {"ready": ready, "conditions": [condition]}
            )

    def _clusters(self) -> None:
        for item in self._list(self.path("awsclusters")):
            name = item["metadata"]["name"]
            keys = self._keys(item)
            if keys is None:
                continue
            for controller in CONTROLLERS:
                trouble = self._called(controller, name, keys)
                if controller == "awscluster":
                    self._say(self.path("awsclusters", name), "VpcReady", "VpcReconciliationFailed", trouble)
                else:
                    self._say(
                        self.path("awsmachines", f"{name}-1"), "InstanceReady", "InstanceProvisionFailed", trouble
                    )

    def _called(self, controller: str, name: str, keys: Keys) -> str:
        known = keys in self._providers
        self._providers.add(keys)
        if not known or (controller, name) not in self._sessions:
            self._sessions[controller, name] = self.aws.client("ec2", "eu-west-1", keys)
        try:
            self._sessions[controller, name].describe_vpcs()
        except ClientError as error:
            answer = error.response["Error"]
            return f"failed: operation error EC2: DescribeVpcs, api error {answer['Code']}: {answer['Message']}"
        return ""

    def _say(self, path: str, kind: str, reason: str, trouble: str) -> None:
        live = self._get(path)
        if live is None:
            return
        status = "False" if trouble else "True"
        condition = {"type": kind, "status": status, "lastTransitionTime": SINCE}
        if trouble:
            condition.update(reason=reason, severity="Warning", message=trouble)
        if ((live.get("status") or {}).get("conditions") or [None])[0] != condition:
            body = {"status": {"ready": True, "conditions": [condition]}}
            # It may have gone since it was listed.
            self.bed.client.request("PATCH", f"{path}/status", body, MERGE)

    def _keys(self, cluster: Object) -> Keys | None:
        identity = self._identity(cluster["spec"]["identityRef"])
        name = ((identity or {}).get("spec") or {}).get("secretRef")
        secret = self._get(f"/api/v1/namespaces/{self.namespace}/secrets/{name}") if name else None
        if secret is None:
            return None
        values = [base64.b64decode(secret["data"][key]).decode() for key in ("AccessKeyID", "SecretAccessKey")]
        return Keys(*values)

    def _identity(self, ref: Object) -> Object | None:
        kind = str(ref["kind"]).lower()[:-1] + "ies"
        return self._get(f"{INFRASTRUCTURE}/{kind}/{ref['name']}")

    def _get(self, path: str) -> Object | None:
        answer = self.bed.client.request("GET", path)
        return answer.json() if answer.status == 200 else None

    def _list(self, path: str) -> list[Object]:
        return list(self.bed.client.call("GET", path)["items"])
