# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the API is reached, from the options of a task and the environment, as kubernetes.core and AWX have them. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Tuple

# Option -> environment variable, as kubernetes.core names them; AWX injects these from its credentials.
ENVIRONMENT: Mapping[str, str] = {
    "kubeconfig": "K8S_AUTH_KUBECONFIG",
    "context": "K8S_AUTH_CONTEXT",
    "host": "K8S_AUTH_HOST",
    "api_key": "K8S_AUTH_API_KEY",
    "username": "K8S_AUTH_USERNAME",
    "password": "K8S_AUTH_PASSWORD",
    "ca_cert": "K8S_AUTH_SSL_CA_CERT",
    "client_cert": "K8S_AUTH_CERT_FILE",
    "client_key": "K8S_AUTH_KEY_FILE",
    "validate_certs": "K8S_AUTH_VERIFY_SSL",
    "proxy": "K8S_AUTH_PROXY",
    "impersonate_user": "K8S_AUTH_IMPERSONATE_USER",
    "impersonate_groups": "K8S_AUTH_IMPERSONATE_GROUPS",
}
_FALSE = frozenset(("0", "no", "n", "off", "f", "false"))


@dataclass(frozen=True)
class Access:
    """What is known of the way to the API; empty parts are not. `kubeconfig` is a path, a mapping, or YAML text."""

    kubeconfig: Any = field(default="", repr=False)
    context: str = ""
    host: str = ""
    api_key: str = field(default="", repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    ca_cert: str = ""
    client_cert: str = ""
    client_key: str = ""
    validate_certs: bool = True
    proxy: str = ""
    impersonate_user: str = ""
    impersonate_groups: Tuple[str, ...] = ()
    tls_server_name: str = ""
    # Whatever the environment and the kubeconfig say of proxies.
    without_proxy: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any], environ: Mapping[str, str]) -> Access:
        """What the options say, else the environment; an empty value of either counts as not given."""
        found: Dict[str, Any] = {}
        for name, variable in ENVIRONMENT.items():
            value = options.get(name)
            if value in (None, "", [], {}):
                value = environ.get(variable, "")
            if value not in ("", [], {}):
                found[name] = value
        if "validate_certs" in found:
            found["validate_certs"] = str(found["validate_certs"]).lower() not in _FALSE
        groups = found.get("impersonate_groups", ())
        found["impersonate_groups"] = tuple(groups.split(",") if isinstance(groups, str) else groups)
        if "kubeconfig" not in found and "host" not in found and environ.get("KUBECONFIG"):
            found["kubeconfig"] = environ["KUBECONFIG"]
        return cls(**found)

    @property
    def is_given(self) -> bool:
        """Whether anybody said where the API is."""
        return bool(self.kubeconfig or self.host)
