# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first administrator: a Password of Dex and a binding to cluster-admin. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
from typing import Any, Dict

from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Ref

API_VERSION = "dex.coreos.com/v1"
KIND = "Password"
BINDING = "mke-cluster-admin"
DEFAULT_EMAIL = "admin"
# Dex names its objects by the base32 of the key with the start value of FNV-1 (64 bits) behind it: it appends the sum
# of nothing (dex, storage/kubernetes/client.go, idToName).
_FNV_START = (14695981039346656037).to_bytes(8, "big")


def password_ref(email: str, namespace: str) -> Ref:
    """The object that Dex looks for when somebody logs in with that e-mail address."""
    key = base64.b32encode(email.lower().encode("utf-8") + _FNV_START).decode("ascii")
    return Ref(API_VERSION, KIND, key.rstrip("=").lower(), namespace)


def password_object(email: str, namespace: str, bcrypt_hash: str, user_id: str) -> Dict[str, Any]:
    ref = password_ref(email, namespace)
    return {
        "apiVersion": ref.api_version,
        "kind": ref.kind,
        "metadata": {"name": ref.name, "namespace": ref.namespace},
        "email": email,
        "hash": base64.b64encode(bcrypt_hash.encode("ascii")).decode("ascii"),
        "userID": user_id,
        "username": email.partition("@")[0],
    }


def binding_object(email: str) -> Dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": BINDING},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": email}],
    }
