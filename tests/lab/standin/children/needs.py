# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child needs beside its own objects: credential, template, identity and keys; and AWS itself."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

from tests.lab.standin import objects
from tests.lab.standin.api import Api, Object

from . import inside, kinds
from .cache import Cache
from .catalogue import FAILURES
from .commands import Manner
from .failures import Failure, shortened
from .pictures.view import View
from .wish import Wish

if TYPE_CHECKING:
    from .cloud.place import Place

KEYS = ("AccessKeyID", "SecretAccessKey")
# Between two looks at the Secret of an identity.
LOOK_SECONDS = 1.0


class Needs:
    """Looked at only for children with objects of Cluster API."""

    def __init__(self, api: Api, cache: Cache, manner: Manner) -> None:
        self._api = api
        self._cache = cache
        self._manner = manner
        self._secrets: Dict[str, Tuple[float, Optional[Object]]] = {}
        # What each child has in AWS.
        self._ids: Dict[Tuple[str, str], Dict[str, str]] = {}

    def failure(self, wish: Wish, lived: bool) -> Optional[Failure]:
        if lived or self._manner.light:
            return None
        credential = self._cache.get(kinds.CREDENTIAL, wish.credential, wish.namespace)
        if credential is None:
            words = f'Failed to get Credential: credentials.k0rdent.mirantis.com "{wish.credential}" not found'
            return shortened(FAILURES["credential-not-ready"], words)
        if not objects.status_of(credential).get("ready"):
            return FAILURES["credential-not-ready"]
        template = self._template(wish)
        return template or (None if self._is_usable(credential, wish) else FAILURES["silent"])

    def failure_down(self, wish: Wish, lived: bool) -> Optional[Failure]:
        """Without its keys a child stays as it is, and nobody says why."""
        if not lived or self._manner.light:
            return None
        credential = self._cache.get(kinds.CREDENTIAL, wish.credential, wish.namespace)
        return None if credential is not None and self._is_usable(credential, wish) else FAILURES["secret-lost"]

    def services(self, made: Mapping[str, Any]) -> Tuple[str, ...]:
        """Those that MultiClusterServices bring to a ClusterDeployment by its labels."""
        labels = made["metadata"].get("labels") or {}
        found: List[str] = []
        for item in self._cache.list(kinds.MULTI_CLUSTER_SERVICE):
            wanted = ((item.get("spec") or {}).get("clusterSelector") or {}).get("matchLabels") or {}
            if wanted and all(labels.get(key) == value for key, value in wanted.items()):
                services = ((item["spec"].get("serviceSpec") or {}).get("services")) or ()
                found += [str(one.get("name") or one.get("template")) for one in services]
        return tuple(found)

    def ids(self, wish: Wish) -> Mapping[str, str]:
        reference = self._identity_ref(wish)
        identity = {"identity": str(reference.get("name")), "identity-kind": str(reference.get("kind"))}
        return {**(identity if reference else {}), **self._ids.get((wish.namespace, wish.name), {})}

    def provide(self, view: View) -> Optional[Failure]:
        """Makes in AWS what is due; returns what AWS refuses."""
        place = self._place(view.wish)
        if place is None:
            return None
        # boto3 is only needed where there is an AWS.
        from .cloud.place import answered  # noqa: PLC0415
        from .cloud.provide import provide  # noqa: PLC0415

        ids = self._ids.setdefault((view.wish.namespace, view.wish.name), {})
        with answered():
            failure = provide(place, view, ids)
            if failure is None and view.way.done("ready") and view.command.leftovers and "left" not in ids:
                self._leave(place, view, ids)
        return failure

    def machine_gone(self, wish: Wish, name: str) -> None:
        """Ends the instance of a machine."""
        identity = self._ids.get((wish.namespace, wish.name), {}).pop(name, "")
        place = self._place(wish)
        if identity and place is not None:
            from .cloud.place import answered  # noqa: PLC0415
            from .cloud.remove import instance  # noqa: PLC0415

            with answered():
                instance(place, identity)

    def remove(self, view: View) -> Optional[Failure]:
        """Removes from AWS what is due; returns what AWS refuses."""
        place = self._place(view.wish)
        if place is None:
            return None
        from .cloud.place import answered  # noqa: PLC0415
        from .cloud.remove import remove  # noqa: PLC0415

        with answered():
            return remove(place, view)

    def forget(self, namespace: str, name: str) -> None:
        """The child is gone."""
        self._ids.pop((namespace, name), None)

    def _leave(self, place: Place, view: View, ids: Dict[str, str]) -> None:
        """What the child's own workloads would make; where it has an API of ours, that knows of them."""
        from .cloud.remove import leave_behind  # noqa: PLC0415

        left = leave_behind(place, view.command.leftovers, ids["vpc"])
        ids["left"] = "yes"
        if self._manner.kubeconfig is not None:
            inside.write(self._api, view.wish.name, left)

    def _place(self, wish: Wish) -> Optional[Place]:
        """None where there is no AWS, or no way into it."""
        if not self._manner.aws_endpoint:
            return None
        identity = self._identity_ref(wish)
        kind = kinds.IDENTITIES.get(str(identity.get("kind")))
        found = self._cache.get(kind, str(identity.get("name"))) if kind else None
        if found is None:
            return None
        secret = self._secret(str((found.get("spec") or {}).get("secretRef")), wish.namespace) or {}
        data = {key: base64.b64decode(value).decode() for key, value in (secret.get("data") or {}).items()}
        if not all(data.get(key) for key in KEYS):
            return None
        from .cloud.place import Keys, Place  # noqa: PLC0415

        keys = Keys(data["AccessKeyID"], data["SecretAccessKey"], data.get("SessionToken", ""))
        return Place(self._manner.aws_endpoint, wish.region, keys, wish.name)

    def _template(self, wish: Wish) -> Optional[Failure]:
        template = self._cache.get(kinds.CLUSTER_TEMPLATE, wish.template, wish.namespace)
        if template is None:
            words = (
                f"failed to get ClusterTemplate {wish.namespace}/{wish.template}: clustertemplates.k0rdent.mirantis.com"
                f' "{wish.template}" not found'
            )
            return shortened(FAILURES["template-not-ready"], words)
        status = objects.status_of(template)
        if not status.get("valid"):
            told = status.get("validationError") or "not validated yet"
            return shortened(FAILURES["template-not-ready"], f"Template is not marked as valid: {told}")
        return None

    def _is_usable(self, credential: Object, wish: Wish) -> bool:
        """Whether the AWS provider comes as far as speaking to AWS; it says nothing where it does not."""
        reference = credential["spec"].get("identityRef") or {}
        kind = kinds.IDENTITIES.get(str(reference.get("kind")))
        identity = self._cache.get(kind, str(reference.get("name"))) if kind else None
        if identity is None or not allows((identity.get("spec") or {}).get("allowedNamespaces"), wish.namespace):
            return False
        if kind is not kinds.STATIC_IDENTITY:
            return True
        data = (self._secret(str(identity["spec"].get("secretRef")), wish.namespace) or {}).get("data") or {}
        return all(data.get(key) for key in KEYS)

    def _identity_ref(self, wish: Wish) -> Mapping[str, Any]:
        credential = self._cache.get(kinds.CREDENTIAL, wish.credential, wish.namespace) or {}
        found: Mapping[str, Any] = (credential.get("spec") or {}).get("identityRef") or {}
        return found

    def _secret(self, name: str, namespace: str) -> Optional[Object]:
        """Where the AWS provider itself runs, which is the namespace of k0rdent."""
        at, found = self._secrets.get(name, (float("-inf"), None))
        if time.monotonic() - at >= LOOK_SECONDS:
            found = self._api.get(kinds.SECRET, name, namespace)
            self._secrets[name] = (time.monotonic(), found)
        return found


def allows(allowed: Any, namespace: str) -> bool:
    """{} allows all namespaces, with empty fields too; nothing at all, and a selector that selects nothing, none."""
    if not isinstance(allowed, Mapping):
        return False
    listed, selector = allowed.get("list"), allowed.get("selector")
    if listed is None and not selector:
        return True
    labels, words = (selector or {}).get("matchLabels"), (selector or {}).get("matchExpressions")
    return namespace in (listed or ()) or bool(labels or words)
