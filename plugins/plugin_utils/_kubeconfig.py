# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kubeconfig holds, and how one of k0s becomes a context in it. Pure: no file is read or written here.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

RENEW_BEFORE = datetime.timedelta(days=30)
KINDS = ("clusters", "users", "contexts")


class KubeconfigError(ValueError):
    """Text that is not a kubeconfig, or lacks what an administrator's has."""


@dataclass(frozen=True)
class Access:
    """One context: where the API is, whose it is, and who asks."""

    context: str
    cluster: str
    user: str
    server: str
    ca: bytes
    certificate: bytes
    key: str = field(default="", repr=False)

    @property
    def ca_sha256(self) -> str:
        return hashlib.sha256(self.ca).hexdigest() if self.ca else ""

    def expires(self) -> datetime.datetime | None:
        """When the client certificate ends; None where it cannot be read."""
        # ansible-core brings cryptography along; it is slow to import and only needed here.
        from cryptography import x509  # noqa: PLC0415

        try:
            certificate = x509.load_pem_x509_certificate(self.certificate)
        except ValueError:
            return None
        if hasattr(certificate, "not_valid_after_utc"):
            return certificate.not_valid_after_utc
        return certificate.not_valid_after.replace(tzinfo=datetime.timezone.utc)

    def is_lasting(self, now: datetime.datetime) -> bool:
        end = self.expires()
        return bool(self.key) and end is not None and end - now > RENEW_BEFORE


def parse(text: str) -> dict[str, Any]:
    """The document of a kubeconfig; an empty text is an empty one."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise KubeconfigError("it is not YAML") from error
    if document is None:
        return {}
    if not isinstance(document, dict) or document.get("kind") != "Config":
        raise KubeconfigError("it is not a kubeconfig (kind: Config)")
    for kind in KINDS:
        items = document.get(kind) or []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise KubeconfigError(f"its {kind} are not a list of mappings")
    return document


def dump(document: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(dict(document), sort_keys=False, default_flow_style=False))


def access_of(document: Mapping[str, Any], context: str) -> Access | None:
    """The named context with what it refers to."""
    found = _named(document, "contexts", context)
    if found is None:
        return None
    names = _body(found, "context")
    cluster = _body(_named(document, "clusters", names.get("cluster")), "cluster")
    user = _body(_named(document, "users", names.get("user")), "user")
    return Access(
        context=context,
        cluster=str(names.get("cluster") or ""),
        user=str(names.get("user") or ""),
        server=str(cluster.get("server") or ""),
        ca=_decoded(cluster.get("certificate-authority-data")),
        certificate=_decoded(user.get("client-certificate-data")),
        key=str(user.get("client-key-data") or ""),
    )


def contexts(document: Mapping[str, Any]) -> list[Access]:
    names = [str(item.get("name") or "") for item in document.get("contexts") or []]
    return [access for access in (access_of(document, name) for name in names) if access]


def admin_access(text: str) -> Access:
    """What `k0s kubeconfig admin` printed."""
    document = parse(text)
    access = access_of(document, str(document.get("current-context") or ""))
    if access is None or not (access.ca and access.certificate and access.key):
        raise KubeconfigError("it has no current context with a CA, a client certificate and its key")
    return access


def with_context(document: Mapping[str, Any], access: Access, use: bool) -> dict[str, Any]:
    """The document with this context in it; `use` makes it the current one, else only where there is none."""
    cluster = {"server": access.server, "certificate-authority-data": base64.b64encode(access.ca).decode()}
    user = {
        "client-certificate-data": base64.b64encode(access.certificate).decode(),
        "client-key-data": access.key,
    }
    result: dict[str, Any] = {"apiVersion": "v1", "kind": "Config", "preferences": {}, **document}
    result["clusters"] = _placed(result.get("clusters"), {"name": access.cluster, "cluster": cluster})
    result["users"] = _placed(result.get("users"), {"name": access.user, "user": user})
    context = {"cluster": access.cluster, "user": access.user}
    result["contexts"] = _placed(result.get("contexts"), {"name": access.context, "context": context})
    if use or not result.get("current-context"):
        result["current-context"] = access.context
    return result


def _placed(items: list[dict[str, Any]] | None, entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The list with the entry in the place of the one of its name, else at the end."""
    found = list(items or [])
    for number, item in enumerate(found):
        if item.get("name") == entry["name"]:
            found[number] = entry
            return found
    return [*found, entry]


def redacted(document: Mapping[str, Any]) -> str:
    """The document for a diff: no keys, tokens or passwords, and fingerprints for certificates."""
    return dump(_redact(document)) if document else ""


SHOWN = frozenset(("server", "cluster", "user", "namespace", "tls-server-name", "insecure-skip-tls-verify", "name"))


def _redact(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _redact(item, str(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [_redact(item, key) for item in value]
    if key in SHOWN or key in ("apiVersion", "kind", "current-context") or not isinstance(value, str):
        return value
    if key in ("certificate-authority-data", "client-certificate-data"):
        return f"sha256:{hashlib.sha256(_decoded(value)).hexdigest()}"
    return "(not shown)"


def _named(document: Mapping[str, Any], kind: str, name: Any) -> dict[str, Any] | None:
    return next((item for item in document.get(kind) or [] if item.get("name") == name), None)


def _body(item: Mapping[str, Any] | None, word: str) -> dict[str, Any]:
    body = (item or {}).get(word)
    return body if isinstance(body, dict) else {}


def _decoded(value: Any) -> bytes:
    try:
        return base64.b64decode(str(value or ""), validate=False)
    except (binascii.Error, ValueError):
        return b""
