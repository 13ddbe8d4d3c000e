# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The helm binary of the control node, with the way to the API that a task has.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.by_helm import HelmFailed, Runner
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.transport import Credentials


@contextmanager
def helm_runner(binary: str, credentials: Credentials, environ: Mapping[str, str]) -> Iterator[Runner]:
    """A function that runs helm. Its kubeconfig is in a folder that only this user can read, and only meanwhile."""
    program = shutil.which(os.path.expanduser(binary), path=environ.get("PATH"))
    if program is None:
        raise KubeError(
            f"There is no executable {binary} on the control node. Install helm there (or into the execution"
            " environment), name it by helm_binary, or let k0s install the charts (engine: k0s)."
        )
    with tempfile.TemporaryDirectory(prefix="mke4k-helm-") as folder:
        kubeconfig = Path(folder) / "kubeconfig"
        kubeconfig.touch(mode=0o600)
        kubeconfig.write_text(json.dumps(kubeconfig_of(credentials)), encoding="utf-8")
        own = {**environ, "KUBECONFIG": str(kubeconfig)}

        def run(arguments: Sequence[str], text: str) -> str:
            done = subprocess.run(
                [program, *arguments], input=text, env=own, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                raise HelmFailed((done.stderr or done.stdout).strip().replace("Error: ", "", 1))
            return done.stdout

        yield run


def kubeconfig_of(credentials: Credentials) -> dict[str, Any]:
    """A kubeconfig for one program, for the short time of one call."""
    cluster: dict[str, Any] = {"server": credentials.server, "insecure-skip-tls-verify": not credentials.verify}
    if credentials.verify and credentials.ca_file:
        cluster["certificate-authority"] = credentials.ca_file
    if credentials.tls_server_name:
        cluster["tls-server-name"] = credentials.tls_server_name
    if credentials.proxy:
        cluster["proxy-url"] = credentials.proxy
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "mke",
        "clusters": [{"name": "mke", "cluster": cluster}],
        "users": [{"name": "mke", "user": _user(credentials)}],
        "contexts": [{"name": "mke", "context": {"cluster": "mke", "user": "mke"}}],
    }


def _user(credentials: Credentials) -> dict[str, Any]:
    user: dict[str, Any] = {}
    if credentials.cert_file:
        user = {"client-certificate": credentials.cert_file, "client-key": credentials.key_file}
    headers = {key.lower(): value for key, value in credentials.headers.items()}
    scheme, _blank, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        user["token"] = value
    elif value:
        raise KubeError(
            "helm takes no user name and password for the API: give a token, a certificate or a kubeconfig."
        )
    if "impersonate-user" in headers:
        user["as"] = headers["impersonate-user"]
    if credentials.impersonated_groups:
        user["as-groups"] = list(credentials.impersonated_groups)
    return user
