# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recovery of the quorum says in the end."""

from __future__ import annotations

import posixpath
from typing import Any, Dict, Iterator

import pytest
import yaml
from jinja2 import Environment

from .test_removal_order import TASKS

KNOWN = {
    "__k0s_recovery": {"plan": {"survivor": "n1"}},
    "__k0s_recovered": {"kept": "/var/lib/mke4k-recovery/etcd-1"},
}


def told() -> Iterator[Dict[str, Any]]:
    for task in yaml.safe_load((TASKS / "recover_cluster.yml").read_text())[0]["block"]:
        if task["name"].endswith("Say what comes next"):
            yield task


@pytest.mark.parametrize(
    ("check_mode", "words"),
    [
        (False, "n1 is the only controller now. etcd's data as it was is in /var/lib/mke4k-recovery/etcd-1 there"),
        (True, "Nothing was changed. Without check mode n1 would be the only controller"),
    ],
)
def test_check_mode_says_what_would_happen_and_a_run_what_happened(check_mode: bool, words: str) -> None:
    (task,) = told()
    language = Environment(autoescape=False)  # noqa: S701 - no page of a browser
    language.filters["dirname"] = posixpath.dirname
    texts = {name: language.from_string(text).render(KNOWN) for name, text in task["vars"].items()}
    said = language.from_string(task["ansible.builtin.debug"]["msg"]).render(texts, ansible_check_mode=check_mode)
    assert said.startswith(words)
