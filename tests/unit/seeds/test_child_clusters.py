# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements of the document "MKE 4k child clusters" that are about the mothership, one test each."""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import K0RDENT, layers
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.charts import k0rdent_chart
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.resources import known

from .clusters import OPERATOR_RELEASES, mke4k


def test_all_clusters_come_with_k0rdent_and_can_be_motherships() -> None:
    assert all(K0RDENT in layers(mke4k(version).release) for version in OPERATOR_RELEASES)


def test_it_is_k0rdent_enterprise_v1_1_0() -> None:
    for version in ("v4.1.1", "v4.1.2"):
        chart = k0rdent_chart(mke4k(version), {})
        assert chart["version"] == "1.1.0"
        assert chart["chart"].endswith("/k0rdent-enterprise")


def test_mke_child_configs_belong_into_the_namespace_k0rdent() -> None:
    assert k0rdent_chart(mke4k(), {})["namespace"] == "k0rdent"


def test_the_api_has_mke_child_config_beside_mke_config() -> None:
    """The mothership is the only source of truth: both are objects of its own API."""
    for kind in ("MkeConfig", "MkeChildConfig"):
        resource = known(Kind("mke.mirantis.com/v1alpha1", kind))
        assert resource is not None
        assert resource.namespaced
