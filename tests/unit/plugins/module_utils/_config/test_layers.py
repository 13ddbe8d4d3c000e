# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.layers import LAYERS, UnknownLayer, layers
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import release


@pytest.mark.parametrize("wanted", [None, "", [], " , "])
def test_without_a_wish_a_run_is_about_all_layers_of_the_release(wanted: object) -> None:
    assert layers(release("v4.1.2"), wanted) == LAYERS


@pytest.mark.parametrize("name", ["Alpha.1", "rc.1", "v4.0.0"])
def test_releases_before_4_1_end_with_calico(name: str) -> None:
    assert layers(release(name)) == ("k0s", "calico")


def test_layers_come_in_their_order_whatever_the_order_of_the_wish() -> None:
    assert layers(release("v4.1.2"), ["k0rdent", "k0s"]) == ("k0s", "k0rdent")


def test_a_survey_gives_layers_as_text() -> None:
    assert layers(release("v4.1.2"), "k0s, calico") == ("k0s", "calico")


def test_an_unknown_layer_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownLayer, match=r"'mke-operator' \(did you mean 'mke_operator'\?\).*k0s, calico, k0rdent"):
        layers(release("v4.1.2"), "k0s,mke-operator")
