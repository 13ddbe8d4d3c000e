# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole platform by its actions, as a playbook calls them one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.action import calico, k0rdent, mke_admin, mke_operator, mke_status
from ansible_collections.mke4k.core.plugins.module_utils._kube import client
from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.plugin_utils import _kube_action
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars
from tests.api.bed import Bed
from tests.integration.api.mothership.cluster import GROUPS, Mothership, wipe
from tests.integration.api.mothership.pods import node
from tests.integration.api.weather import Sleeps
from tests.lab.standin import kinds
from tests.lab.standin.local import without_hosts

PASSWORD = "correct horse battery staple"
CONFIG = {
    "apiVersion": "mke.mirantis.com/v1alpha1",
    "kind": "MkeConfig",
    "metadata": {"name": "mke", "namespace": "mke"},
    "spec": {
        "version": "v4.1.2",
        "hosts": [
            {"role": "controller+worker", "ssh": {"address": "10.0.0.11"}},
            {"role": "worker", "ssh": {"address": "10.0.0.12"}},
        ],
    },
}
# In the order of playbooks/install.yml, and the look at the end.
LAYERS: Mapping[str, tuple[Any, dict[str, Any]]] = {
    "calico": (calico.ActionModule, {}),
    "k0rdent": (k0rdent.ActionModule, {}),
    "mke_operator": (mke_operator.ActionModule, {}),
    "mke_admin": (mke_admin.ActionModule, {"password": PASSWORD}),
    "mke_status": (mke_status.ActionModule, {}),
}
KUBE_PROXY = {
    "config.conf": 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: "iptables"\n'
}


@contextmanager
def operators(bed: Bed) -> Iterator[Mothership]:
    """A cluster of two nodes with the operators' parts played; nothing is left of it in the end."""
    bed.load_crds(*GROUPS)
    for name in ("kube-system", "k0rdent", "mke"):
        bed.ensure_namespace(name)
    # An action removes all files that the package kubernetes made of kubeconfigs in this process.
    standin = without_hosts(bed.kubeconfig(inline=False), pace=0.02)
    with standin:
        node(standin.api, "n1", manager=True)
        node(standin.api, "n2")
        standin.api.apply(kinds.CONFIG_MAP, kinds.CONFIG_MAP.made("kube-proxy", "kube-system", data=KUBE_PROXY), "test")
        yield Mothership(bed, standin)
    for name in ("kube-proxy", "mke4k-network"):
        standin.api.delete(kinds.CONFIG_MAP, name, "kube-system")
    wipe(standin.api)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let actions wait less between two tries than they want to."""

    def connect(access: Access, deadline: float) -> Api:
        return client.connect(access, deadline, Sleeps().clock)

    monkeypatch.setattr(_kube_action, "connect", connect)


def run_layer(folder: Path, kubeconfig: Mapping[str, Any], name: str, **options: Any) -> dict[str, Any]:
    """The result of one action against that API server."""
    plugin, arguments = LAYERS[name]
    check_mode = bool(options.pop("check_mode", False))
    given = {"config": CONFIG, "kubeconfig": kubeconfig, "access": "direct", **arguments, **options}
    result = action(plugin, folder, given, check_mode=check_mode).run(task_vars=task_vars(folder))
    assert PASSWORD not in json.dumps(result)
    return dict(result)


def run_platform(folder: Path, kubeconfig: Mapping[str, Any], **options: Any) -> dict[str, dict[str, Any]]:
    """The results of all layers; the first failure ends it, as it ends a play."""
    results: dict[str, dict[str, Any]] = {}
    for name in LAYERS:
        results[name] = run_layer(folder, kubeconfig, name, **options)
        assert not results[name].get("failed"), f"{name}: {results[name]}"
    return results
