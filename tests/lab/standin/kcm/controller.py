# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller: Release -> templates -> Management -> components, in the order in which kcm does it.

Faults: `k0rdent.COMPONENT` (kcm, capi, the providers), `k0rdent.release`, `k0rdent.template.NAME`.
"""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from tests.lab.standin import objects
from tests.lab.standin.api import ApiError, Object, Watched
from tests.lab.standin.kinds import (
    ACCESS_MANAGEMENT,
    CLUSTER_DEPLOYMENT,
    DEPLOYMENT,
    HELM_RELEASE,
    MANAGEMENT,
    PROVIDER_TEMPLATE,
    RELEASE,
)
from tests.lab.standin.progress import State
from tests.lab.standin.runtime import Controller
from tests.lab.standin.workloads import running

from . import admission, components
from .catalogue import CAPI, EDITIONS, EXPOSED, PROVIDERS, Edition, dashed, edition_of

MANAGER = "kcm"
NAME = "kcm"
FINALIZER = "k0rdent.mirantis.com/management"
MANAGED = {"k0rdent.mirantis.com/managed": "true"}


class Kcm(Controller):
    """kcm of one management cluster."""

    name = "k0rdent"
    watches = (
        Watched(DEPLOYMENT),
        Watched(RELEASE),
        Watched(PROVIDER_TEMPLATE),
        Watched(MANAGEMENT),
        Watched(HELM_RELEASE),
        Watched(CLUSTER_DEPLOYMENT),
    )
    # The ProviderTemplates of this look at the cluster.
    _found: Mapping[str, Object] = {}
    _began = False

    def reconcile(self, key: str) -> None:
        deployment = running(self.api, [edition.deployment for edition in EDITIONS])
        if deployment is None:
            self._began = False
            return
        edition = edition_of(deployment["metadata"]["name"])
        namespace, args = deployment["metadata"]["namespace"], objects.args_of(deployment)
        version = objects.image_of(deployment).rpartition(":")[2].lstrip("v")
        if args.get("create-release") != "false":
            self._first_release(edition, version)
        self._found = by_name(self.api.list(PROVIDER_TEMPLATE))
        for release in self.api.list(RELEASE):
            self._templates(release, namespace, create=args.get("create-templates") != "false")
            self._release_status(release)
        self._management(edition, version, namespace, args)

    def _first_release(self, edition: Edition, version: str) -> None:
        name = f"{edition.prefix}-{dashed(version)}"
        release, providers = self.api.get(RELEASE, name), self._delivered()
        spec = {
            "version": version,
            "kcm": {"template": f"{edition.prefix}-{dashed(version)}"},
            "capi": {"template": CAPI.template},
            "providers": providers,
        }
        if release is None:
            if self.progress.over(f"release/{name}", self.progress.pace):
                self.api.create(RELEASE, RELEASE.made(name, spec=spec))
        elif release["spec"].get("providers") != providers:
            self.api.patch(RELEASE, release, {"spec": {"providers": providers}}, manager=MANAGER)

    def _delivered(self) -> List[Object]:
        return [
            {"name": part.name, "template": part.template}
            for part in PROVIDERS
            if not self.faults.of(f"k0rdent.{part.name}").missing
        ]

    def _templates(self, release: Object, namespace: str, *, create: bool) -> None:
        for name in templates_of(release["spec"]):
            if name in self._found:
                self._template_status(self._found[name], namespace)
            elif create:
                self.api.create(PROVIDER_TEMPLATE, _template(name, release))

    def _template_status(self, template: Object, namespace: str) -> None:
        name = template["metadata"]["name"]
        known = bool(objects.status_of(template).get("valid"))
        fault = self.faults.of(f"k0rdent.template.{name}")
        state = self.progress.state(f"{objects.uid(template)}/valid", fault, was_ready=known)
        status: Object = {"valid": state.ready, "observedGeneration": objects.generation(template)}
        status["validationError"] = state.message
        status["chartRef"] = {"kind": "HelmChart", "name": name, "namespace": namespace}
        status["providers"] = list(EXPOSED.get(name, ()))
        self.api.set_status(PROVIDER_TEMPLATE, template, status)

    def _is_valid(self, name: str) -> bool:
        return bool(objects.status_of(self._found[name]).get("valid"))

    def _release_status(self, release: Object) -> None:
        names = templates_of(release["spec"])
        missing = [name for name in names if name not in self._found]
        invalid = [name for name in names if name not in missing and not self._is_valid(name)]
        known = bool(objects.status_of(release).get("ready"))
        state = self.progress.state(f"{objects.uid(release)}/ready", self.faults.of("k0rdent.release"), was_ready=known)
        generation = objects.generation(release)
        problem = state.message or (f"Missing or invalid templates: {', '.join(missing + invalid)}")
        valid = state.ready and not missing and not invalid
        wanted = [
            objects.condition(
                "TemplatesCreated",
                not missing,
                "Failed" if missing else "Succeeded",
                f"Missing templates: {', '.join(missing)}" if missing else "All templates have been created",
                generation,
            ),
            objects.condition(
                "TemplatesValid",
                valid,
                "Succeeded" if valid else "Failed",
                "All templates are valid" if valid else problem,
                generation,
            ),
        ]
        status = {"conditions": objects.conditions(release, wanted), "ready": valid, "observedGeneration": generation}
        self.api.set_status(RELEASE, release, status)

    def _management(self, edition: Edition, version: str, namespace: str, args: Mapping[str, str]) -> None:
        management = self.api.get(MANAGEMENT, NAME)
        if management is None:
            if not self._began:
                self._first_management(f"{edition.prefix}-{dashed(version)}", args)
            return
        # kcm makes a Management when it begins, and not again after a deletion.
        self._began = True
        if management["metadata"].get("deletionTimestamp"):
            self._delete(management, namespace)
            return
        if FINALIZER not in management["metadata"].get("finalizers", []):
            management = self.api.patch(MANAGEMENT, management, {"metadata": {"finalizers": [FINALIZER]}})
        if args.get("create-access-management") != "false":
            self.api.create(ACCESS_MANAGEMENT, ACCESS_MANAGEMENT.made(NAME, spec={}))
        release = self.api.get(RELEASE, management["spec"]["release"])
        if release is None or not objects.status_of(release).get("ready"):
            self._refused(management, found=release is not None)
            return
        self._reconcile_components(management, release, namespace)

    def _first_management(self, release: str, args: Mapping[str, str]) -> None:
        if args.get("create-management") == "false":
            return
        found = self.api.get(RELEASE, release)
        if found is None or not objects.status_of(found).get("conditions"):
            return
        providers = [{"name": item["name"]} for item in found["spec"].get("providers") or ()]
        made = MANAGEMENT.made(NAME, spec={"release": release, "core": {"kcm": {}, "capi": {}}, "providers": providers})
        made["metadata"]["finalizers"] = [FINALIZER]
        made["metadata"]["labels"] = {"k0rdent.mirantis.com/component": "kcm"}
        self.api.create(MANAGEMENT, made)

    def _refused(self, management: Object, *, found: bool) -> None:
        name = management["spec"]["release"]
        reason, message = "ReleaseIsNotReady", f"Release {name} is not ready"
        if not found:
            reason, message = "ReleaseIsNotFound", f"Release {name} is not found"
        ready = objects.condition("Ready", False, reason, message, objects.generation(management))
        self.api.set_status(MANAGEMENT, management, {"conditions": objects.conditions(management, [ready])})

    def _reconcile_components(self, management: Object, release: Object, namespace: str) -> None:
        chain = components.chain(management["spec"], release["spec"])
        known: Mapping[str, Mapping[str, object]] = objects.status_of(management).get("components") or {}
        states: Dict[str, State] = {}
        helm_releases = by_name(self.api.list(HELM_RELEASE, namespace))
        for part in chain:
            template = self._found.get(part.template)
            states[part.name] = self._component(management, part, states, template, known, namespace)
            self._helm_release(part, namespace, states[part.name], helm_releases.get(part.name))
        self._forget_helm_releases(helm_releases, [part.name for part in chain], namespace)
        if states["kcm"].ready:
            admission.install(self.api, namespace)
        status = components.status(chain, states, objects.generation(management), management["spec"]["release"])
        status["conditions"] = objects.conditions(management, status["conditions"])
        # Merging keeps components that are gone: a null takes them away.
        status["components"] = {**{name: None for name in known if name not in states}, **status["components"]}
        self.api.set_status(MANAGEMENT, management, status)

    def _component(
        self,
        management: Object,
        part: components.Component,
        before: Mapping[str, State],
        template: Optional[Object],
        known: Mapping[str, Mapping[str, object]],
        namespace: str,
    ) -> State:
        waiting = [name for name in part.depends_on if not before[name].ready]
        if waiting:
            text = f"Some dependencies are not ready yet. Waiting for {', '.join(waiting)}"
            return State(ready=False, message=text)
        if template is None:
            error = f'ProviderTemplate.k0rdent.mirantis.com "{part.template}" not found'
            return State(ready=False, message=f"Failed to get ProviderTemplate {part.template}: {error}")
        if not objects.status_of(template).get("valid"):
            return State(ready=False, message=f"Template {part.template} is not marked as valid")
        fault = self.faults.of(f"k0rdent.{part.name}")
        entry = known.get(part.name) or {}
        was_ready = bool(entry.get("success")) and entry.get("template") == part.template
        stage = f"{objects.uid(management)}/{part.name}/{part.template}"
        state = self.progress.state(stage, fault, was_ready=was_ready)
        if state.ready or fault.error:
            return state
        text = state.message or f"HelmRelease {namespace}/{part.name} Ready condition is not updated yet"
        return State(ready=False, message=text)

    def _helm_release(self, part: components.Component, namespace: str, state: State, found: Optional[Object]) -> None:
        """Where Flux' kinds are served, as it would leave them."""
        if found is None:
            chart = {"kind": "HelmChart", "name": part.template, "namespace": namespace}
            made = HELM_RELEASE.made(part.name, namespace, spec={"chartRef": chart, "interval": "10m0s"})
            made["metadata"]["labels"] = dict(MANAGED)
            self._created_if_served(made)
            return
        reason = "InstallSucceeded" if state.ready else "InstallFailed"
        generation = objects.generation(found)
        ready = objects.condition("Ready", state.ready, reason, state.message, generation)
        status = {"conditions": objects.conditions(found, [ready]), "observedGeneration": generation}
        self.api.set_status(HELM_RELEASE, found, status)

    def _created_if_served(self, made: Object) -> None:
        try:
            self.api.create(HELM_RELEASE, made)
        except ApiError as error:
            if error.status != 404:
                raise

    def _forget_helm_releases(self, found: Mapping[str, Object], kept: Sequence[str], namespace: str) -> None:
        for name, item in found.items():
            metadata = item["metadata"]
            managed = (metadata.get("labels") or {}).get("k0rdent.mirantis.com/managed") == "true"
            if managed and not metadata.get("ownerReferences") and name not in kept:
                self.api.delete(HELM_RELEASE, name, namespace)

    def _delete(self, management: Object, namespace: str) -> None:
        """Components first, and the Management only when no ClusterDeployment is left."""
        if self.api.list(CLUSTER_DEPLOYMENT) or self.faults.of("k0rdent.deletion").never:
            return
        self._forget_helm_releases(by_name(self.api.list(HELM_RELEASE, namespace)), [], namespace)
        fault = self.faults.of("k0rdent.deletion")
        if self.progress.over(f"{objects.uid(management)}/deletion", self.progress.pace + fault.slow):
            admission.remove(self.api)
            self.api.delete(ACCESS_MANAGEMENT, NAME)
            self.api.patch(MANAGEMENT, management, {"metadata": {"finalizers": None}})


def by_name(items: Sequence[Object]) -> Dict[str, Object]:
    return {item["metadata"]["name"]: item for item in items}


def templates_of(spec: Mapping[str, object]) -> List[str]:
    """The ProviderTemplates of a Release."""
    core = [spec["kcm"]["template"], spec["capi"]["template"]]  # type: ignore[index]
    providers: Sequence[Mapping[str, str]] = spec.get("providers") or ()  # type: ignore[assignment]
    return [*core, *(item["template"] for item in providers)]


def _template(name: str, release: Object) -> Object:
    chart, version = _split(name)
    chart_spec = {
        "chart": chart,
        "version": version,
        "interval": "10m0s",
        "sourceRef": {"kind": "HelmRepository", "name": "kcm-templates"},
    }
    made = PROVIDER_TEMPLATE.made(
        name, spec={"helm": {"chartSpec": chart_spec}, "providers": list(EXPOSED.get(name, ()))}
    )
    owner = {"apiVersion": RELEASE.api_version, "kind": RELEASE.kind, "name": release["metadata"]["name"]}
    made["metadata"]["ownerReferences"] = [{**owner, "uid": objects.uid(release)}]
    made["metadata"]["labels"] = {"k0rdent.mirantis.com/component": "kcm"}
    return made


def _split(name: str) -> Tuple[str, str]:
    """`cluster-api-1-0-4` is version 1.0.4 of the chart cluster-api."""
    words = name.split("-")
    numbers = len(words)
    while numbers and words[numbers - 1].isdigit():
        numbers -= 1
    return "-".join(words[:numbers]), ".".join(words[numbers:]) or "0.0.0"
