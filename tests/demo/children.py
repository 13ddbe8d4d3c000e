# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second part of the demo: two child clusters in AWS come and go.

The API server and the objects of Cluster API are real; mke-operator, k0rdent, Cluster API's controllers and AWS are
played.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import yaml

from tests.scenarios.cloud import Cloud, cloud_of
from tests.scenarios.lab import lab_name

PLAN = {"mothership": {"ready-after": 12, "delete-after": 4}}
CHILDREN = {
    "mke4k_aws_iam": True,
    "mke4k_children_kubeconfig_dir": "kubeconfigs",
    "mke4k_children_defaults": {
        "region": "eu-west-3",
        "availability_zones": 1,
        "control_plane": {"image_lookup": {"format": "al2023-ami-2023.*"}},
        "worker": {"image_lookup": {"format": "al2023-ami-2023.*"}},
    },
    "mke4k_children": [
        {"name": "prod-eu", "control_plane_number": 3, "workers_number": 2},
        {"name": "test-eu", "control_plane_number": 1, "workers_number": 1},
    ],
}
MAKE = ("ansible-playbook", "mke4k.core.children", "-e", "@children.yml")
REMOVE = ("ansible-playbook", "mke4k.core.remove_children", "-e", "@children.yml")
# Runs a command in the folder with an environment, shows it, and gives what it printed and its seconds.
Runner = Callable[[Cloud, "tuple[str, ...]"], "tuple[str, float]"]


class ChildrenFailed(Exception):
    """The children did not do what the demo promises."""


def show(folder: Path, run: Runner) -> str:
    """Makes both, makes them again, and takes them away; returns how that went in one sentence."""
    text = yaml.safe_dump(CHILDREN, sort_keys=False)
    (folder / "children.yml").write_text(text, encoding="utf-8")
    print(text)
    with cloud_of(lab_name("demo"), PLAN) as cloud:
        made, took = run(cloud, MAKE)
        _again, again = run(cloud, MAKE)
        _removed, gone = run(cloud, REMOVE)
        require(folder, made)
    return f"2 children were ready in {took:.0f} s, left alone in {again:.0f} s, and gone from AWS in {gone:.0f} s."


def require(folder: Path, made: str) -> None:
    for name in ("prod-eu", "test-eu"):
        if not re.search(rf"{name} +Ready +yes", made):
            raise ChildrenFailed(f"{name} is not ready in the table.")
        kubeconfig = folder / "kubeconfigs" / f"{name}.kubeconfig"
        if not kubeconfig.is_file() or kubeconfig.stat().st_mode & 0o077:
            raise ChildrenFailed(f"{name} has no kubeconfig that only its owner can read.")
