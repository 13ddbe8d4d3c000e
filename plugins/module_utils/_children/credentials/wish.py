# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential that is wanted. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.errors import CredentialError
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import (
    CONTROLLER,
    CONTROLLER_NAME,
    CREDENTIAL,
    DEFAULT_NAME,
    IDENTITIES,
    ROLE,
    SECRET,
    STATIC,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

ROLE_ARN = re.compile(r"^arn:aws[a-z-]*:iam::\d{12}:role/.+")
# What IAM allows for a session of a role.
SHORTEST_SESSION, LONGEST_SESSION = 900, 43200


@dataclass(frozen=True)
class Role:
    """The role that CAPA assumes, and the identity that assumes it."""

    arn: str = ""
    session_name: str = ""
    external_id: str = ""
    duration: int = 0
    policy_arns: Tuple[str, ...] = ()
    source_kind: str = CONTROLLER
    source_name: str = ""

    def spec(self) -> Dict[str, Any]:
        source = {"kind": IDENTITIES[self.source_kind].kind, "name": self.source_name or CONTROLLER_NAME}
        spec: Dict[str, Any] = {"roleARN": self.arn, "sourceIdentityRef": source}
        optional = {
            "sessionName": self.session_name,
            "externalID": self.external_id,
            "durationSeconds": self.duration,
            "policyARNs": list(self.policy_arns),
        }
        return {**spec, **{key: value for key, value in optional.items() if value}}


@dataclass(frozen=True)
class Wish:
    """Names that are empty are those of MKE. `secret` is set where somebody asks for that very one."""

    kind: str = STATIC
    name: str = ""
    credential: str = ""
    secret: str = ""
    # Where the Credential is: the namespace of the children that use it.
    namespace: str = ""
    # Where CAPA runs: it reads Secrets nowhere else.
    secret_namespace: str = ""
    description: str = ""
    allowed_namespaces: Tuple[str, ...] = ()
    role: Role = field(default_factory=Role)
    keys: Optional[Keys] = None

    @property
    def identity_kind(self) -> Kind:
        return IDENTITIES[self.kind]

    @property
    def identity_name(self) -> str:
        return self.name or (CONTROLLER_NAME if self.kind == CONTROLLER else DEFAULT_NAME)

    @property
    def credential_name(self) -> str:
        return self.credential or f"{self.identity_name}-cred"

    @property
    def secret_name(self) -> str:
        return self.secret or f"{self.identity_name}-secret"

    @property
    def identity_ref(self) -> Ref:
        return Ref(self.identity_kind.api_version, self.identity_kind.kind, self.identity_name)

    @property
    def credential_ref(self) -> Ref:
        return Ref(CREDENTIAL.api_version, CREDENTIAL.kind, self.credential_name, self.namespace)

    @property
    def secret_ref(self) -> Ref:
        return Ref(SECRET.api_version, SECRET.kind, self.secret_name, self.secret_namespace)

    @property
    def template_ref(self) -> Ref:
        return Ref("v1", "ConfigMap", f"{self.identity_name}-resource-template", self.namespace)

    def mistakes(self) -> List[str]:
        """What cannot be, all of it."""
        found = []
        if self.kind == CONTROLLER and self.identity_name != CONTROLLER_NAME:
            found.append(f"name is {self.identity_name}, but the only controller identity of CAPA is {CONTROLLER_NAME}")
        if self.kind == ROLE:
            found += _role_mistakes(self.role)
        elif self.role.arn:
            found.append(f"role_arn is given, but kind is {self.kind}: give kind=role")
        if self.kind != STATIC and self.secret:
            found.append(f"secret is given, but an identity of kind {self.kind} has none")
        return found

    def require(self) -> None:
        found = self.mistakes()
        if found:
            raise CredentialError(f"Nothing was changed: {'; '.join(found)}.", mistakes=found)


def _role_mistakes(role: Role) -> List[str]:
    found = []
    if not ROLE_ARN.match(role.arn):
        found.append(
            f"role_arn is {role.arn!r}, not the ARN of a role (arn:aws:iam::123456789012:role/name)"
            if role.arn
            else "kind is role, so role_arn is needed"
        )
    if role.duration and not SHORTEST_SESSION <= role.duration <= LONGEST_SESSION:
        found.append(f"duration_seconds is {role.duration}, AWS allows {SHORTEST_SESSION} to {LONGEST_SESSION}")
    if role.source_kind != CONTROLLER and not role.source_name:
        found.append("source_identity needs a name: that of the static identity whose keys assume the role")
    return found


def adopted(wish: Wish, identity: Optional[Mapping[str, Any]]) -> Wish:
    """The wish with the name of the Secret that the identity has: it cannot be changed."""
    named = str(((identity or {}).get("spec") or {}).get("secretRef") or "") if wish.kind == STATIC else ""
    if not named or named == wish.secret_name:
        return wish
    if wish.secret:
        raise CredentialError(
            f"{wish.identity_ref} takes its keys from the Secret {named}, and that name can never be changed (its"
            f" secretRef is immutable); {wish.secret} was asked for. Nothing was changed. Leave secret out, or set it"
            f" to {named}, to put the keys there; or give another name, which makes a new identity and a new Credential"
            " for new children."
        )
    return replace(wish, secret=named)
