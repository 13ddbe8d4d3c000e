# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is so of many children alike, and told once for all of them. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.engines.translation import untranslated
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child
from ansible_collections.mke4k.core.plugins.module_utils._children.rules.own import ROLES
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import configured
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import WARNING, Finding

# How many children a finding names.
NAMED = 5
AMAZON_LINUX_2 = "amzn2-ami"


def check_images(children: Sequence[Child], template_formats: Mapping[str, str]) -> Iterator[Finding]:
    """The default of MKE's templates is an image of Amazon Linux 2. Told once, however many children have it.

    `template_formats`: what the template of a child says by itself, by the child's name, where that is known.
    """
    old = [
        child.name
        for child in children
        if child.infrastructure.get("provider") == "aws"
        and any(_is_amazon_linux_2(child, role, template_formats.get(child.name, "")) for role, _option in ROLES)
    ]
    if old:
        yield Finding(
            WARNING, "child-amazon-linux-2", _named(old),
            "run on Amazon Linux 2, which has had no security updates since June 2026",
            "set image_lookup.format of control_plane and worker to 'al2023-ami-2023.*', or an ami_id",
        )  # fmt: skip


def _is_amazon_linux_2(child: Child, role: str, default: str) -> bool:
    if configured(child.spec, role, "amiID"):
        return False
    found = configured(child.spec, role, "imageLookup", "format", default=default or AMAZON_LINUX_2)
    return str(found).startswith(AMAZON_LINUX_2)


def check_sections(children: Sequence[Child]) -> Iterator[Finding]:
    """Sections of an MkeChildConfig that k0rdent's own template has no place for."""
    groups: Dict[Tuple[str, ...], List[str]] = {}
    for child in children:
        groups.setdefault(tuple(untranslated(child.spec)), []).append(child.name)
    for left, names in groups.items():
        if left:
            yield Finding(
                WARNING, "child-sections-left-out", _named(names),
                f"have {', '.join(left)}, which only mke-operator knows: left out",
                "use the engine mke-operator, or make up for it with `services` and"
                " spec.infrastructure.configuration.k0s",
            )  # fmt: skip


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"children {', '.join(names[:NAMED])}{more}"
