# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a cluster without k0rdent to one whose components are all ready.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Applied, apply_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, TimedOut, WaitFailed
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.checks import management_ready, release_ready
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.decide import INSTALL, Intent
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.names import (
    MANAGEMENT,
    PROVIDER_TEMPLATE,
    RELEASE,
    UI_SECRET,
    namespace_ref,
    release_ref,
    secret_ref,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.providers import (
    JSON_PATCH,
    provider_patch,
    refuse_unknown,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.releases import next_release
from ansible_collections.mke4k.core.plugins.module_utils._kube.k0rdent.secrets import (
    namespace_object,
    registry_secrets,
    ui_secret,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Selection, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.checks import MET, exists
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all

Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class Patience:
    """How long all waits together may take, and who hears of their progress."""

    seconds: float
    progress: Callable[[str], None]
    clock: Callable[[], float]

    def until(self) -> Callable[[], float]:
        """The seconds that are left, from now on."""
        end = self.clock() + self.seconds
        return lambda: max(end - self.clock(), 1.0)


def prepare(
    api: Api, intent: Intent, cluster: Cluster, password: str, make_password: Callable[[], str], *, dry_run: bool
) -> Applied:
    """The namespace and the Secrets that the chart refers to. A password that is there stays, unless one is given."""
    objects: List[Dict[str, Any]] = []
    if api.get(namespace_ref(intent.namespace)) is None:
        objects.append(namespace_object(intent.namespace))
    if intent.has_ui:
        chosen = password or (make_password() if _lacks_password(api, intent.namespace, objects) else "")
        objects += [ui_secret(intent.namespace, chosen)] if chosen else []
    return apply_all(api, [*objects, *registry_secrets(cluster, intent.chart, intent.namespace)], dry_run=dry_run)


def bring_up(api: Api, intent: Intent, patience: Patience) -> Dict[str, Any]:
    """Waits for the Release and the Management, adds providers, and waits until all components are ready."""
    left = patience.until()
    patience.progress("k0rdent: waiting for the Release and its templates")
    _until_released(api, [Wanted(Selection(RELEASE), release_ready())], left(), patience, intent.namespace)
    found = wait_all(api, [Wanted(MANAGEMENT, exists())], left(), patience.progress, explain_in=[intent.namespace])
    _advance(api, intent, found[MANAGEMENT], left(), patience)
    add_providers(api, intent, found[MANAGEMENT], dry_run=False)
    patience.progress("k0rdent: waiting for its components")
    ready = management_ready([item.name for item in intent.providers])
    wanted = [Wanted(MANAGEMENT, ready)]
    return wait_all(api, wanted, left(), patience.progress, explain_in=[intent.namespace])[MANAGEMENT]


def add_providers(api: Api, intent: Intent, management: Manifest, *, dry_run: bool) -> List[Dict[str, Any]]:
    """The patch that brings in what is missing; empty where nothing is."""
    patch = provider_patch(management, intent.providers)
    if patch:
        name = str((management.get("spec") or {}).get("release") or "")
        release = api.get(release_ref(name)) or {"metadata": {"name": name}}
        refuse_unknown(release, management, intent.providers)
        api.patch(MANAGEMENT, patch, JSON_PATCH, dry_run=dry_run)
    return patch


def is_up(management: Optional[Manifest], intent: Intent) -> bool:
    """Whether nothing has to be waited for."""
    return management_ready([item.name for item in intent.providers])(management).state == MET


def _lacks_password(api: Api, namespace: str, objects: Sequence[Manifest]) -> bool:
    return bool(objects) or api.get(secret_ref(UI_SECRET, namespace)) is None


def _advance(api: Api, intent: Intent, management: Manifest, seconds: float, patience: Patience) -> None:
    """After an upgrade of the chart, the Management goes on to the Release that the new chart brings."""
    current = str((management.get("spec") or {}).get("release") or "")
    wanted = next_release(current, str(intent.chart["version"]))
    if intent.action == INSTALL and wanted:
        released = [Wanted(release_ref(wanted), release_ready())]
        _until_released(api, released, seconds, patience, intent.namespace)
        api.patch(MANAGEMENT, {"spec": {"release": wanted}})


def _until_released(api: Api, wanted: Sequence[Wanted], seconds: float, patience: Patience, namespace: str) -> None:
    try:
        wait_all(api, wanted, seconds, patience.progress, explain_in=[namespace])
    except (TimedOut, WaitFailed) as error:
        raise _with_templates(api, error) from error


def _with_templates(api: Api, error: KubeError) -> KubeError:
    """A Release says that templates are not valid; the templates say why."""
    lines = []
    for template in api.list(PROVIDER_TEMPLATE).items:
        said = str((template.get("status") or {}).get("validationError") or "")
        if said:
            lines.append(f"ProviderTemplate {template['metadata']['name']}: {said}")
    return type(error)("\n".join([str(error), *lines]), **error.details) if lines else error
