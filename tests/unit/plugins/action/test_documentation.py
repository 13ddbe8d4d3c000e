# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that an action checks are those that its documentation and its module part have."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.action import k0s_kubeconfig, mke_config
from ansible_collections.mke4k.core.plugins.modules import (
    k0s_kubeconfig as k0s_kubeconfig_module,
    mke_config as mke_config_module,
)


@pytest.mark.parametrize(
    ("action", "module"), [(mke_config, mke_config_module), (k0s_kubeconfig, k0s_kubeconfig_module)]
)
def test_action_and_documentation_have_the_same_options(action: Any, module: Any) -> None:
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    for option in documented.values():
        assert option.pop("description")
    assert documented == action.OPTIONS
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)


def test_the_module_part_takes_the_same_options() -> None:
    assert k0s_kubeconfig_module.ARGUMENTS == k0s_kubeconfig.OPTIONS
