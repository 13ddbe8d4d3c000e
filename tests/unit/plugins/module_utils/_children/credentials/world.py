# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mothership in memory, with k0rdent and CAPA as far as credentials go, and an AWS that knows some keys."""

from __future__ import annotations

import base64
import copy
import re
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.aws import Aws, Caller
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError, KeyRefused
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Answer
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import Server, answer, refused

INFRASTRUCTURE = "/apis/infrastructure.cluster.x-k8s.io/v1beta2"
K0RDENT = "/apis/k0rdent.mirantis.com/v1beta1"
DEPLOYMENT = "/apis/apps/v1/namespaces/k0rdent/deployments/capa-controller-manager"
SECRET = "/api/v1/namespaces/k0rdent/secrets/aws-cluster-identity-secret"
TEMPLATE = "/api/v1/namespaces/k0rdent/configmaps/aws-cluster-identity-resource-template"
IDENTITY = f"{INFRASTRUCTURE}/awsclusterstaticidentities/aws-cluster-identity"
CREDENTIAL = f"{K0RDENT}/namespaces/k0rdent/credentials/aws-cluster-identity-cred"
EVENTS = "/api/v1/namespaces/k0rdent/events"
OLD, NEW = Keys("AKIAOLD", "old-secret", source="a test"), Keys("AKIANEW", "new-secret", source="a test")
TEMPORARY = Keys("ASIATEMP", "temporary-secret", "token", source="a test")
SECRETS = (OLD.secret_access_key, NEW.secret_access_key, TEMPORARY.secret_access_key, "AKIA", "ASIA")

_KINDS = {
    "AWSCluster": True,
    "AWSMachine": True,
    "AWSClusterStaticIdentity": False,
    "AWSClusterRoleIdentity": False,
    "AWSClusterControllerIdentity": False,
}
_PLURALS = {kind: f"{kind.lower()}s" for kind in ("AWSCluster", "AWSMachine")}


def _plural(kind: str) -> str:
    return _PLURALS.get(kind) or (kind.lower()[:-1] + "ies")


class World(Server):
    """CAPA and k0rdent react at once to what is written."""

    def __init__(self, *, provider: bool = True, capa: bool = True) -> None:
        super().__init__()
        self.restarts = 0
        self.ready = True
        if provider:
            self.serve()
        if capa:
            self.objects[DEPLOYMENT] = deployment()

    def serve(self) -> None:
        self.kinds[INFRASTRUCTURE] = [
            {"kind": kind, "name": _plural(kind), "namespaced": namespaced} for kind, namespaced in _KINDS.items()
        ]
        self.kinds["/apis/cluster.x-k8s.io/v1beta1"] = [{"kind": "Cluster", "name": "clusters", "namespaced": True}]

    def cluster(self, name: str, identity: str = "aws-cluster-identity", **status: Any) -> dict[str, Any]:
        made = {
            "apiVersion": "infrastructure.cluster.x-k8s.io/v1beta2",
            "kind": "AWSCluster",
            "metadata": {"name": name, "namespace": "k0rdent"},
            "spec": {"identityRef": {"kind": "AWSClusterStaticIdentity", "name": identity}},
            "status": {"ready": True, "conditions": [{"type": "VpcReady", "status": "True"}], **status},
        }
        self.objects[f"{INFRASTRUCTURE}/namespaces/k0rdent/awsclusters/{name}"] = made
        return made

    def put(self, path: str, **content: Any) -> dict[str, Any]:
        name = path.rpartition("/")[2]
        found = re.search(r"/namespaces/([^/]+)/", path)
        metadata = {"name": name, **({"namespace": found.group(1)} if found else {})}
        self.objects[path] = {**content, "metadata": {**metadata, **content.get("metadata", {})}}
        return self.objects[path]

    def keys(self, keys: Keys = OLD) -> None:
        """A Secret as kubectl has made it."""
        data = {"AccessKeyID": keys.access_key_id, "SecretAccessKey": keys.secret_access_key}
        if keys.session_token:
            data["SessionToken"] = keys.session_token
        coded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        self.put(SECRET, apiVersion="v1", kind="Secret", type="Opaque", data=coded)

    def secret(self, path: str = SECRET) -> dict[str, str]:
        data = self.objects[path]["data"]
        return {key: base64.b64decode(value).decode() for key, value in data.items()}

    def writes(self) -> list[str]:
        return [f"{method} {path.rpartition('/')[2]}" for method, path, query, _body in self.seen
                if method != "GET" and "dryRun" not in query]  # fmt: skip

    def _get(self, path: str, query: dict[str, str], body: Any) -> Answer:
        if path in self.objects or path in self.kinds or not re.search(r"/[a-z]+s(ies)?$", path):
            return super()._get(path, query, body)
        if path.startswith("/apis/") and path.count("/") == 3:
            return self._missing(path)
        group, _slash, plural = path.rpartition("/")
        inside = re.compile(rf"{re.escape(group)}(/namespaces/[^/]+)?/{plural}/[^/]+$")
        items = [copy.deepcopy(item) for place, item in self.objects.items() if inside.match(place)]
        return answer(200, {"items": items, "metadata": {"resourceVersion": "7"}})

    def _patch(self, path: str, query: dict[str, str], body: Any) -> Answer:
        live = self.objects.get(path)
        if live is None and "fieldManager" in query and "force" not in query:
            return self._missing(path)
        if path.startswith(INFRASTRUCTURE) and INFRASTRUCTURE not in self.kinds:
            return self._missing(path)
        merged = _merged(live or {}, body)
        if "dryRun" in query:
            return answer(200, merged)
        changed = (live or {}).get("spec") != merged.get("spec")
        self.objects[path] = merged
        if changed and path == DEPLOYMENT:
            self.restarts += 1
            merged["metadata"]["generation"] = merged["status"]["observedGeneration"] = self.restarts + 1
        if path.startswith(f"{K0RDENT}/namespaces") and "/credentials/" in path:
            condition = {"type": "CredentialReady", "status": "True" if self.ready else "False", "message": "as told"}
            merged["status"] = {"ready": self.ready, "conditions": [condition]}
        return answer(200, merged)

    def _missing(self, path: str) -> Answer:
        return refused(404, "NotFound", f"{path} not found")()


def deployment() -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "capa-controller-manager", "namespace": "k0rdent", "generation": 1},
        "spec": {"replicas": 1, "template": {"metadata": {"labels": {"control-plane": "capa-controller-manager"}}}},
        "status": {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1},
    }


def _merged(live: Any, patch: Any) -> Any:
    """RFC 7386."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    found = copy.deepcopy(live) if isinstance(live, dict) else {}
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = _merged(found.get(key), value)
    return found


class FakeAws(Aws):
    """Knows keys by their ids. `young`: how often a key is refused before it is known."""

    def __init__(self, *ids: str, account: str = "111111111111") -> None:
        self.accounts = dict.fromkeys(ids, account)
        self.iam_account = account
        self.young: dict[str, int] = {}
        self.active: dict[str, bool] = dict.fromkeys(ids, True)
        self.calls: list[str] = []
        self.on_deactivate: Any = None

    def who(self, keys: Keys) -> Caller:
        self.calls.append(f"who {keys.access_key_id}")
        left = self.young.get(keys.access_key_id, 0)
        if left or keys.access_key_id not in self.accounts:
            self.young[keys.access_key_id] = left - 1
            raise KeyRefused("InvalidClientTokenId.")
        account = self.accounts[keys.access_key_id]
        return Caller(account, f"arn:aws:iam::{account}:user/k0rdent")

    def account(self) -> str:
        return self.iam_account

    def deactivate(self, key_id: str) -> bool:
        self.calls.append(f"deactivate {key_id}")
        if key_id not in self.active:
            return False
        self.active[key_id] = False
        if self.on_deactivate is not None:
            self.on_deactivate()
        return True

    def activate(self, key_id: str) -> None:
        self.calls.append(f"activate {key_id}")
        self.active[key_id] = True

    def delete(self, key_id: str) -> None:
        self.calls.append(f"delete {key_id}")
        if self.active.get(key_id):
            raise CredentialError("it is still active")
        self.active.pop(key_id, None)
