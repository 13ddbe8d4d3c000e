# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.ready import operator_is_done


def config(generation: int = 2, **status: Any) -> dict[str, Any]:
    return {"metadata": {"name": "mke", "generation": generation}, "status": status}


def ready(status: str, reason: str = "", message: str = "", **rest: Any) -> list[dict[str, Any]]:
    condition = {"type": "Ready", "status": status, "reason": reason, "message": message, **rest}
    return [{"type": "Other", "status": "True"}, condition]


@pytest.mark.parametrize(
    ("found", "state", "told"),
    [
        (None, "pending", "it does not exist"),
        (config(), "pending", "mke-operator has not written a status yet"),
        (config(observedGeneration=1, conditions=ready("True")), "pending",
         "mke-operator has not looked at generation 2 of it yet"),
        (config(conditions=ready("True", observedGeneration=1)), "pending",
         "mke-operator has not looked at generation 2 of it yet"),
        (config(observedGeneration=2, conditions=ready("True")), "met", ""),
        (config(conditions=ready("True")), "met", ""),
        (config(observedGeneration=2, conditions=ready("False", "Installing", "7 of 10 services")), "pending",
         "Ready is False (Installing): 7 of 10 services"),
        (config(observedGeneration=2, conditions=ready("Unknown")), "pending", "Ready is Unknown"),
        (config(observedGeneration=2, conditions=ready("False", "InvalidConfig", "no such field")), "failed",
         "Ready is False (InvalidConfig): no such field"),
        (config(services=[{"name": "ui", "ready": False}, {"name": "dex", "ready": True}]), "pending",
         "services are not ready: ui"),
        (config(services=[{"name": "ui", "ready": True}]), "met", ""),
    ],
)  # fmt: skip
def test_the_operator_is_done_when_it_says_so_of_the_newest_generation(
    found: dict[str, Any] | None, state: str, told: str
) -> None:
    verdict = operator_is_done(found)
    assert (verdict.state, verdict.message) == (state, told)
