# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children as files, for a GitOps system: one a child, always the same text for the same input. They hold no secrets:
an MkeChildConfig and a ClusterDeployment name the Secrets they need.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Engine, Manifest, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._kube.yaml_package import yaml

HEADER = "# Made by mke4k.core.child_cluster (mode: render). Change the list of children there, and render again.\n"


def file_name(name: str) -> str:
    return f"{name}.yaml"


def rendered(children: Sequence[Child], engine: Engine, facts: Mothership) -> Dict[str, str]:
    """The text of each file by its name."""
    return {file_name(child.name): _text(engine.manifests(child, facts)) for child in children}


def _text(manifests: List[Manifest]) -> str:
    return HEADER + "".join(f"---\n{yaml.safe_dump(manifest, sort_keys=False)}" for manifest in manifests)
