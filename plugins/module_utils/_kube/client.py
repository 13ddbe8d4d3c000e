# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a way to the API to an open one. The only file that knows the package kubernetes, which reads kubeconfigs, asks
credential plugins and refreshes tokens.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import traceback
from typing import Any, Dict, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NoCluster, PackageMissing
from ansible_collections.mke4k.core.plugins.module_utils._kube.proxies import proxy_for
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Credentials, Transport
from ansible_collections.mke4k.core.plugins.module_utils._kube.yaml_package import yaml

try:
    from kubernetes import client as kubernetes_client, config as kubernetes_config
    from kubernetes.config import kube_config
except ImportError:
    KUBERNETES_MISSING = traceback.format_exc()
else:
    KUBERNETES_MISSING = ""

DEADLINE = 120.0


def connect(access: Access, deadline: float = DEADLINE, clock: Optional[Clock] = None) -> Api:
    """`deadline`: seconds that one request may last, with all its repetitions."""
    require_package()
    return Api(Transport(lambda: credentials(access)), deadline=deadline, clock=clock or Clock())


def require_package() -> None:
    if KUBERNETES_MISSING:
        raise PackageMissing(
            "The Python package kubernetes is missing on the control node. Install it beside ansible-core"
            " (pip install kubernetes), or into the execution environment."
        )


def remove_files() -> None:
    """Removes the files that keys and certificates out of a kubeconfig were written to.

    The package does it when Python ends, which the processes of Ansible's tasks never do in good order.
    """
    if not KUBERNETES_MISSING:
        kube_config._cleanup_temp_files()  # type: ignore[no-untyped-call]


def credentials(access: Access) -> Credentials:
    """Read anew each time it is called: tokens expire, and files with them are replaced."""
    settings = kubernetes_client.Configuration()
    # Some versions of the package fill it from the environment, without NO_PROXY.
    settings.proxy = None
    _load(access, settings)
    for name, value in (
        ("host", access.host),
        ("ssl_ca_cert", _path(access.ca_cert)),
        ("cert_file", _path(access.client_cert)),
        ("key_file", _path(access.client_key)),
        ("proxy", access.proxy),
        ("username", access.username),
        ("password", access.password),
        ("tls_server_name", access.tls_server_name),
    ):
        if value:
            setattr(settings, name, value)
    if not access.validate_certs:
        settings.verify_ssl = False
    server = str(settings.host).rstrip("/")
    _require_files(settings)
    return Credentials(
        server=server,
        headers=_headers(access, settings),
        verify=bool(settings.verify_ssl),
        ca_file=settings.ssl_ca_cert or "",
        cert_file=settings.cert_file or "",
        key_file=settings.key_file or "",
        proxy="" if access.without_proxy else settings.proxy or proxy_for(server, os.environ),
        impersonated_groups=access.impersonate_groups,
        tls_server_name=getattr(settings, "tls_server_name", None) or "",
    )


def _load(access: Access, settings: Any) -> None:
    """Fills the settings as the kubeconfig says, or the pod that this runs in."""
    document = _document(access.kubeconfig)
    try:
        if document is not None:
            kubernetes_config.load_kube_config_from_dict(  # type: ignore[no-untyped-call]
                document, context=access.context or None, client_configuration=settings
            )
        elif access.kubeconfig or not access.host:
            _load_default(access, settings)
    except kubernetes_config.ConfigException as error:
        raise KubeError(
            f"The kubeconfig{_where(access)} is of no use: {error}. Give kubeconfig and context, or K8S_AUTH_KUBECONFIG"
            " and K8S_AUTH_CONTEXT, or host and api_key."
        ) from error


def _load_default(access: Access, settings: Any) -> None:
    path = _path(str(access.kubeconfig)) if access.kubeconfig else ""
    if path and not any(os.path.exists(part) for part in path.split(os.pathsep)):
        raise NoCluster(f"There is no kubeconfig {path} on the control node.")
    if not path and not os.path.exists(os.path.expanduser("~/.kube/config")):
        if "KUBERNETES_SERVICE_HOST" in os.environ:
            kubernetes_config.load_incluster_config(  # type: ignore[no-untyped-call]
                client_configuration=settings
            )
            return
        raise NoCluster(
            "Nothing says where the API is: give kubeconfig, or host and api_key, or K8S_AUTH_KUBECONFIG or"
            " K8S_AUTH_HOST in the environment, or delegate the task to a controller."
        )
    kubernetes_config.load_kube_config(  # type: ignore[no-untyped-call]
        config_file=path or None, context=access.context or None, client_configuration=settings, persist_config=False
    )


def _is_text(kubeconfig: str) -> bool:
    """Whether it is a kubeconfig and not the path of one: YAML of several lines, or JSON, which may be on one."""
    return "\n" in kubeconfig or kubeconfig.lstrip().startswith("{")


def _document(kubeconfig: Any) -> Optional[Dict[str, Any]]:
    """A kubeconfig that was given as itself, and not by its path."""
    if isinstance(kubeconfig, Mapping):
        return dict(kubeconfig)
    if not (isinstance(kubeconfig, str) and _is_text(kubeconfig)):
        return None
    try:
        document = yaml.safe_load(kubeconfig)
    except yaml.YAMLError as error:
        raise KubeError("The text given as kubeconfig is not YAML.") from error
    if not isinstance(document, dict):
        raise KubeError("The text given as kubeconfig is not a kubeconfig (kind: Config).")
    return document


def _headers(access: Access, settings: Any) -> Dict[str, str]:
    headers: Dict[str, str] = {}
    if access.api_key:
        headers["Authorization"] = f"Bearer {access.api_key}"
    elif settings.username and settings.password:
        headers["Authorization"] = settings.get_basic_auth_token()
    else:
        bearer = settings.auth_settings().get("BearerToken")
        if bearer and bearer.get("value"):
            headers["Authorization"] = bearer["value"]
    if access.impersonate_user:
        headers["Impersonate-User"] = access.impersonate_user
    return headers


def _require_files(settings: Any) -> None:
    """Files that a kubeconfig or an option names. That one is missing would else look like a server that is away."""
    named: Tuple[Tuple[str, Any], ...] = (
        ("the authority's certificate", settings.ssl_ca_cert if settings.verify_ssl else ""),
        ("the client certificate", settings.cert_file),
        ("the client key", settings.key_file),
    )
    problems = [f"{what} {path}" for what, path in named if path and not os.access(path, os.R_OK)]
    if problems:
        raise KubeError(
            f"On the control node {' and '.join(problems)} cannot be read, but the way to the API needs it."
        )


def _where(access: Access) -> str:
    path = isinstance(access.kubeconfig, str) and access.kubeconfig and not _is_text(access.kubeconfig)
    context = f" (context {access.context})" if access.context else ""
    return (f" {access.kubeconfig}" if path else "") + context


def _path(text: str) -> str:
    return os.path.expanduser(text) if text else ""
