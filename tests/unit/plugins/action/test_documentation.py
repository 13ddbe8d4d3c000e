# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that an action checks are those that its documentation and its module part have."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.action import mke_config
from ansible_collections.mke4k.core.plugins.module_utils._k0s.kubeconfig_options import KUBECONFIG
from ansible_collections.mke4k.core.plugins.modules import (
    k0s_kubeconfig as k0s_kubeconfig_module,
    mke_config as mke_config_module,
)
from ansible_collections.mke4k.core.tests.unit.documented import documented_options


@pytest.mark.parametrize(
    ("options", "module"), [(mke_config.OPTIONS, mke_config_module), (KUBECONFIG, k0s_kubeconfig_module)]
)
def test_action_and_documentation_have_the_same_options(options: Any, module: Any) -> None:
    assert documented_options(module) == options
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)
