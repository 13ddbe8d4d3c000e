# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mothership that is ready for children, without anybody having installed it."""

from __future__ import annotations

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Callable, Iterable, Optional, Sequence

import yaml

from tests.lab.standin import objects
from tests.lab.standin.api import Api, ApiError, Kind, Object, Watched
from tests.lab.standin.kcm.catalogue import CAPI, PROVIDERS, Part, dashed
from tests.lab.standin.kcm.components import chain, status
from tests.lab.standin.kinds import (
    CHART,
    CONFIG_MAP,
    CRD,
    DEPLOYMENT,
    MANAGEMENT,
    MKE_CONFIG,
    NAMESPACE,
    RELEASE,
    SECRET,
)
from tests.lab.standin.progress import State
from tests.lab.standin.workloads import is_ready, pod_template, workload

from . import admission
from .kinds import CHILD, CREDENTIAL, STATIC_IDENTITY

# The API groups that a mothership serves.
GROUPS = (
    "operator.tigera.io",
    "crd.projectcalico.org",
    "helm.k0sproject.io",
    "k0rdent.mirantis.com",
    "helm.toolkit.fluxcd.io",
    "mke.mirantis.com",
    "cluster.x-k8s.io",
    "controlplane.cluster.x-k8s.io",
    "infrastructure.cluster.x-k8s.io",
)
SYSTEM, MKE = "k0rdent", "mke"
VERSION = "v4.1.2"
PROVIDER = "capa-controller-manager"
PROVIDER_IMAGE = "capa"
RELEASE_NAME = "k0rdent-enterprise-1-1-0"
IDENTITY = "aws-cluster-identity"
CREDENTIAL_NAME = f"{IDENTITY}-cred"
SECRET_NAME = f"{IDENTITY}-secret"
# The example keys of AWS' own documentation.
KEYS = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
MANAGER = "mothership"
LABELS = {"k0rdent.mirantis.com/component": "kcm"}
SECONDS = 60.0
SERVED_SECONDS = 120.0


def kinds_known(api: Api, crds: Sequence[Object]) -> None:
    """The server gets those that it does not have, and serves all."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(partial(api.create, CRD), crds))
    for crd in crds:
        until(partial(_is_served, api, crd), f"{crd['metadata']['name']} is not served", SERVED_SECONDS)


def namespaces(api: Api) -> None:
    for name in ("kube-system", SYSTEM, MKE):
        api.create(NAMESPACE, NAMESPACE.made(name))


def installed(api: Api, version: str = VERSION) -> None:
    """By charts, as k0s would have them: the operators do the rest."""
    _chart(api, "kcm", "k0rdent-enterprise/charts/k0rdent-enterprise", "1.1.0", SYSTEM)
    _chart(api, "mke-operator", "mke/mke-operator", "3.11.2", MKE)
    config(api, version)
    provider(api)
    until(lambda: objects.is_true(api.get(MANAGEMENT, "kcm"), "Ready"), "the Management kcm is not ready")
    until(lambda: objects.is_true(api.get(MKE_CONFIG, "mke", MKE), "Ready"), "the MkeConfig mke is not ready")


def written(api: Api, version: str = VERSION, without: Sequence[str] = (), image: str = PROVIDER_IMAGE) -> None:
    """As installed operators would have left it, for when nobody plays them. `without`: providers that are missing."""
    parts = [part for part in PROVIDERS if part.name not in without]
    release = api.apply(RELEASE, RELEASE.made(RELEASE_NAME, spec=_release_spec(parts)), MANAGER)
    ready = objects.condition("TemplatesValid", True, "Succeeded", "All templates are valid")
    api.set_status(RELEASE, release, {"ready": True, "conditions": [ready]})
    spec = {
        "release": RELEASE_NAME,
        "core": {"kcm": {}, "capi": {}},
        "providers": [{"name": part.name} for part in parts],
    }
    management = api.apply(MANAGEMENT, MANAGEMENT.made("kcm", spec=spec), MANAGER)
    found = chain(spec, release["spec"])
    states = {part.name: State(ready=True) for part in found}
    api.set_status(MANAGEMENT, management, status(found, states, objects.generation(management), RELEASE_NAME))
    provider(api, image)
    made = config(api, version)
    fine = objects.condition("Ready", True, "Ready", "", objects.generation(made))
    told = {"conditions": [fine], "observedGeneration": objects.generation(made), "services": []}
    api.set_status(MKE_CONFIG, made, told)


def provider(api: Api, image: str = PROVIDER_IMAGE) -> None:
    """The Deployment of Cluster API's AWS provider: who changes keys restarts it."""
    labels = {"control-plane": PROVIDER, "cluster.x-k8s.io/provider": "infrastructure-aws"}
    template = {**pod_template("manager", image), "metadata": {"labels": labels}}
    made = workload(DEPLOYMENT, PROVIDER, SYSTEM, template)
    made["metadata"]["labels"] = labels
    api.apply(DEPLOYMENT, made, MANAGER)
    until(lambda: is_ready(api.get(DEPLOYMENT, PROVIDER, SYSTEM)), f"the Deployment {PROVIDER} is not ready")


def config(api: Api, version: str) -> Object:
    return api.apply(MKE_CONFIG, MKE_CONFIG.made("mke", MKE, spec={"version": version}), MANAGER)


def credential(
    api: Api, keys: Sequence[str] = KEYS, name: str = IDENTITY, namespace: str = SYSTEM, token: str = ""
) -> str:
    """Secret, identity, the ConfigMap beside them, and the Credential, which is ready afterwards; returns its name."""
    given = {"AccessKeyID": keys[0], "SecretAccessKey": keys[1]}
    if token:
        given["SessionToken"] = token
    data = {key: base64.b64encode(value.encode()).decode() for key, value in given.items()}
    secret = SECRET.made(f"{name}-secret", namespace, type="Opaque", data=data)
    spec = {"secretRef": f"{name}-secret", "allowedNamespaces": {}}
    identity = STATIC_IDENTITY.made(name, spec=spec)
    beside = CONFIG_MAP.made(f"{name}-resource-template", namespace, data={})
    beside["metadata"]["annotations"] = {"projectsveltos.io/template": "true"}
    reference = {"apiVersion": STATIC_IDENTITY.api_version, "kind": STATIC_IDENTITY.kind, "name": name}
    made = CREDENTIAL.made(f"{name}-cred", namespace, spec={"identityRef": reference, "description": "AWS"})
    for kind, item in ((SECRET, secret), (STATIC_IDENTITY, identity), (CONFIG_MAP, beside), (CREDENTIAL, made)):
        item["metadata"]["labels"] = dict(LABELS)
        api.apply(kind, item, MANAGER)

    def is_ready() -> bool:
        return bool(objects.status_of(api.get(CREDENTIAL, f"{name}-cred", namespace)).get("ready"))

    until(is_ready, f"the Credential {name}-cred is not ready")
    return f"{name}-cred"


def until(met: Callable[[], bool], otherwise: str, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            raise TimeoutError(f"After {seconds:.0f} s {otherwise}.")
        time.sleep(0.05)


def leftovers(api: Api, kinds: Iterable[Kind]) -> None:
    """Takes away all objects of these kinds, whatever holds them."""
    for kind in kinds:
        for item in api.list(kind):
            metadata = item["metadata"]
            if metadata.get("finalizers"):
                without_finalizers(api, kind, item)
            api.delete(kind, metadata["name"], metadata.get("namespace", ""))


def without_finalizers(api: Api, kind: Kind, item: Object) -> Optional[Object]:
    return api.patch(kind, item, {"metadata": {"finalizers": None}})


def _is_served(api: Api, crd: Object) -> bool:
    spec = crd["spec"]
    version = next(version["name"] for version in spec["versions"] if version["storage"])
    kind = Kind(f"{spec['group']}/{version}", spec["names"]["kind"], spec["names"]["plural"])
    try:
        api.listing(Watched(kind))
    except ApiError as error:
        if error.status != 404:
            raise
        return False
    return True


def _release_spec(parts: Sequence[Part]) -> Object:
    template = f"k0rdent-enterprise-{dashed('1.1.0')}"
    listed = [{"name": part.name, "template": part.template} for part in parts]
    return {
        "version": "1.1.0",
        "kcm": {"template": template},
        "capi": {"template": CAPI.template},
        "providers": listed,
    }


def _chart(api: Api, name: str, chart: str, version: str, namespace: str) -> None:
    spec = {
        "chartName": f"oci://registry.test/{chart}",
        "releaseName": name,
        "version": version,
        "namespace": namespace,
        "values": yaml.safe_dump({}),
    }
    made = CHART.made(name, "kube-system", spec=spec)
    made["metadata"]["finalizers"] = ["helm.k0sproject.io/uninstall-helm-release"]
    api.apply(CHART, made, MANAGER)


def admitting(api: Api) -> None:
    """Waits until the webhooks' part is played: what is sent before would be accepted."""
    until(lambda: _is_refused(api), "nobody refuses a child of another release")


def admitting_all(api: Api) -> None:
    """Ends it, and waits until nothing is refused any more: the server learns of policies a little later."""
    admission.remove(api)
    until(lambda: not _is_refused(api), "a child of another release is still refused")


def _is_refused(api: Api) -> bool:
    spec = {"version": "v0.0.0", "infrastructure": {"provider": "none", "credential": "none", "region": "none"}}
    try:
        api.created(CHILD, CHILD.made("probe", SYSTEM, spec=spec), dry_run=True)
    except ApiError as error:
        if error.status not in (400, 403, 422):
            raise
        return True
    return False
