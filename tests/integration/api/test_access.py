# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As whom a real API server sees us, and what it takes to trust it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.client import connect
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from tests.api.bed import Bed
from tests.api.faults import FaultProxy

DEADLINE = 5.0
REVIEW = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}


def api_of(kubeconfig: Any, **options: Any) -> Api:
    return connect(Access.of({"kubeconfig": kubeconfig, **options}, {}), deadline=DEADLINE)


def seen_as(api: Any) -> tuple[str, set[str]]:
    found = api.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", REVIEW)["status"]["userInfo"]
    return found["username"], set(found.get("groups", ()))


def test_an_impersonated_user_is_in_each_of_the_groups(bed: Bed) -> None:
    wanted = {"developers", "on call, weekends"}
    api = api_of(bed.kubeconfig(), impersonate_user="ann", impersonate_groups=sorted(wanted))
    assert seen_as(api) == ("ann", {*wanted, "system:authenticated"})


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert api_of(bed.kubeconfig()).version()["major"] == "1"


def test_a_server_that_is_not_the_one_of_the_kubeconfig_ends_at_once(bed: Bed, proxy: FaultProxy) -> None:
    kubeconfig = bed.kubeconfig(server=proxy.url)
    (entry,) = kubeconfig["clusters"]
    entry["cluster"]["tls-server-name"] = "somebody-else"
    with pytest.raises(KubeError, match=r"is not trusted: .*somebody-else"):
        api_of(kubeconfig).version()
