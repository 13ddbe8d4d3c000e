# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be said about children before anything is sent, all of it at once. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterator, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.engines.templates import (
    image_format,
    wanted_template,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Engine, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.rules import (
    live as live_rules,
    mothership,
    own,
    shared,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding

# By mke4k.core.aws_credential.
MADE_BEFORE = ("credential-missing", "credential-not-ready")


def check(
    children: Sequence[Child], facts: Mothership, live: Mapping[str, Mapping[str, Any]], engine: Engine
) -> List[Finding]:
    """Errors and warnings. `live`: the objects that stand for children that are there, by name."""
    # What is said of an MkeConfig in the defaults is the same for every child, and told once.
    findings = list(dict.fromkeys(finding for child in children for finding in child.findings))
    findings += _twice(children)
    for child in children:
        findings += own.check(child, engine.name)
        findings += mothership.check(child, facts, engine.name)
        if child.name in live:
            findings += live_rules.check(child, live[child.name], engine)
    findings += shared.check_images(children, _template_formats(children, facts, engine))
    if engine.name == "k0rdent":
        findings += shared.check_sections(children)
    return [*mothership.check_all(children, facts, engine.name), *findings]


def _template_formats(children: Sequence[Child], facts: Mothership, engine: Engine) -> Dict[str, str]:
    if engine.name != "k0rdent":
        return {}
    return {child.name: image_format(facts.templates.get(wanted_template(child, facts)) or {}) for child in children}


def foreseen(findings: Sequence[Finding]) -> List[Finding]:
    """The same for check mode: what a task before this one makes is not there yet."""
    return [replace(finding, severity=WARNING) if finding.name in MADE_BEFORE else finding for finding in findings]


def _twice(children: Sequence[Child]) -> Iterator[Finding]:
    seen = set()
    for child in children:
        if child.name in seen:
            yield Finding(
                ERROR, "child-twice", f"child {child.name}", "is there twice", "give every child a name of its own"
            )
        seen.add(child.name)
