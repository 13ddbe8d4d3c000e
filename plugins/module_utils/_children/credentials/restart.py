# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CAPA started anew: it keeps what it made of earlier keys in memory.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
from typing import Any, Callable, Dict, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import REPLACED, annotation_in
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import CAPA_LABELS
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.place import capa_deployment
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.board import Wanted
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.engine import wait_all
from ansible_collections.mke4k.core.plugins.module_utils._kube.wait.workloads import deployment_available


def pending(deployment: Optional[Mapping[str, Any]], secret: Optional[Mapping[str, Any]], secret_name: str) -> str:
    """The fingerprint of keys that CAPA has not been started with; empty where it has.

    It is written down in the Secret, together with the keys, and in the Deployment, by the restart: a run that was
    killed in between is finished by the next one.
    """
    wanted = annotation_in(secret, REPLACED)
    return wanted if wanted and wanted != _started_with(deployment, secret_name) else ""


def restart(api: Api, marks: Mapping[str, str], timeout: float, say: Callable[[str], None]) -> Ref:
    """Rolls the Deployment, once for all `marks` (name of the Secret -> fingerprint), and waits until it is there."""
    deployment = capa_deployment(api)
    if deployment is None:
        raise CredentialError(
            f"The keys are in their Secrets, but no Deployment has the label {CAPA_LABELS}, so CAPA could not be"
            " restarted, and it keeps using the earlier keys for clusters it knows. Restart it yourself, or run again"
            " once the provider runs here."
        )
    ref = Ref.of({"apiVersion": "apps/v1", "kind": "Deployment", **deployment})
    annotations: Dict[str, str] = {_mark(name): fingerprint for name, fingerprint in marks.items()}
    say(f"restarting {ref}: it keeps sessions with the earlier keys")
    api.patch(ref, {"spec": {"template": {"metadata": {"annotations": annotations}}}})
    wait_all(api, [Wanted(ref, deployment_available())], timeout, progress=say)
    return ref


def _started_with(deployment: Optional[Mapping[str, Any]], secret_name: str) -> str:
    template = ((deployment or {}).get("spec") or {}).get("template")
    return annotation_in(template, _mark(secret_name))


def _mark(secret_name: str) -> str:
    """Names of annotations are shorter than those of Secrets may be."""
    return f"mke4k.core/keys-of-{hashlib.sha256(secret_name.encode('utf-8')).hexdigest()[:12]}"
