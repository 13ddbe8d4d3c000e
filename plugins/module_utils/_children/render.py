# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children as files, for a GitOps system: one a child, always the same text for the same input. They hold no secrets:
what sounds like one in a section that was passed through is refused.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.errors import BadChildren
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Engine, Manifest, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, Finding
from ansible_collections.mke4k.core.plugins.module_utils._kube.diff import is_secret_name
from ansible_collections.mke4k.core.plugins.module_utils._kube.yaml_package import yaml

HEADER = "# Made by mke4k.core.child_cluster (mode: render). Change the list of children there, and render again.\n"
# Names of objects, and settings, whatever they sound like.
NO_SECRETS = (
    "infrastructure.credential",
    "apiServer.encryptionConfigSecret",
    "apiServer.audit.webhookConfigSecret",
    "authentication.expiry.idTokens",
    "backup.storage_provider.in_cluster_options.admin_credentials_secret",
)
# Arguments of Kubernetes' components name files, and switch things on.
NAMES_AND_SWITCHES = "extraArgs"


def file_name(name: str) -> str:
    return f"{name}.yaml"


def rendered(children: Sequence[Child], engine: Engine, facts: Mothership) -> Dict[str, str]:
    """The text of each file by its name. Raises BadChildren for children that have secrets in them."""
    findings = [
        Finding(
            ERROR, "child-with-secret", f"child {child.name}: spec.{path}",
            "holds a secret, and files for a GitOps system must not",
            "take it out: name a Secret where MKE can (credentialsSecretName since v4.2.0), or let a patch of the"
            " GitOps system add it from a store of secrets",
        )
        for child in children
        for path in _secrets(child.spec)
    ]  # fmt: skip
    if findings:
        raise BadChildren(findings)
    return {file_name(child.name): _text(engine.manifests(child, facts)) for child in children}


def _secrets(value: Any, path: str = "") -> Iterator[str]:
    """Fields with a name that sounds like a secret and with text in them."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            place = f"{path}.{key}" if path else str(key)
            if key == NAMES_AND_SWITCHES:
                continue
            if isinstance(item, str) and item and is_secret_name(str(key)) and place not in NO_SECRETS:
                yield place
            else:
                yield from _secrets(item, place)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _secrets(item, f"{path}[{number}]")


def _text(manifests: List[Manifest]) -> str:
    return HEADER + "".join(f"---\n{_yaml(manifest)}" for manifest in manifests)


def _yaml(manifest: Manifest) -> str:
    """What is there twice is written twice: as JSON has no anchors, none are left of it."""
    plain = json.loads(json.dumps(manifest, default=str))
    return str(yaml.safe_dump(plain, sort_keys=True, default_flow_style=False, width=120, allow_unicode=True))
