# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All checks of all children, and what is said of them.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.identity import Identity
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight import leftovers
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.account import (
    PERMISSIONS,
    PROFILES,
    permission_findings,
    profile_findings,
    profiles_of,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.facts import facts_of
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.machines import (
    IMAGES,
    KEYS,
    TYPES,
    image_findings,
    key_findings,
    type_findings,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import (
    ERROR,
    OK,
    SEVERITIES,
    UNCHECKED,
    Facts,
    Finding,
    Need,
    unknown,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.weigh import CHECK as QUOTAS, weigh
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer, ask, in_parallel, regions_of
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess
from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table

IDENTITY, REGIONS = "identity", "regions"
CHECKS: Tuple[str, ...] = (
    IDENTITY,
    REGIONS,
    QUOTAS,
    TYPES,
    IMAGES,
    KEYS,
    PROFILES,
    PERMISSIONS,
    leftovers.CHECK,
    leftovers.BALANCER,
)


@dataclass(frozen=True)
class Preflight:
    access: AwsAccess
    who: Identity
    needs: Sequence[Need]
    checks: Sequence[str]

    def findings(self) -> List[Finding]:
        """All at once, the worst first."""
        found: List[Finding] = []
        if IDENTITY in self.checks:
            found.append(Finding(OK, IDENTITY, f"The keys are those of {self.who.arn}, account {self.who.account}."))
        told, off = self._regions()
        found += told
        needs = [need for need in self.needs if need.region not in off]
        facts = in_parallel(
            sorted({need.region for need in needs}),
            lambda region: facts_of(self.access, region, _of(needs, region), self.checks),
        )
        for region in sorted(facts):
            found += self._of_region(_of(needs, region), facts[region])
        found += self._of_account(needs, facts)
        if leftovers.CHECK in self.checks or leftovers.BALANCER in self.checks:
            found += leftovers.findings(needs, leftovers.look(self.access, needs), self.checks)
        unique = list(dict.fromkeys(found))
        return sorted(unique, key=lambda each: SEVERITIES.index(each.severity))

    def _regions(self) -> Tuple[List[Finding], List[str]]:
        """Also those in which nothing else can be asked."""
        wanted = sorted({need.region for need in self.needs})
        if not wanted:
            return [], []
        answer = ask(lambda: regions_of(self.access, self.who.partition))
        if not answer.known:
            finding = unknown(REGIONS, answer, f"Whether {', '.join(wanted)} are enabled")
            return ([finding] if REGIONS in self.checks else []), []
        found = [_region(region, answer) for region in wanted]
        off = [each.region for each in found if each.severity == ERROR]
        return [each for each in found if REGIONS in self.checks or each.severity == ERROR], off

    def _of_region(self, needs: Sequence[Need], facts: Facts) -> List[Finding]:
        found: List[Finding] = []
        if QUOTAS in self.checks and any(not need.exists for need in needs):
            found += weigh(needs, facts)
        for need in needs:
            if TYPES in self.checks:
                found += type_findings(need, facts)
            if IMAGES in self.checks:
                found += image_findings(need, facts)
            if KEYS in self.checks:
                found += key_findings(need, facts)
        return found

    def _of_account(self, needs: Sequence[Need], facts: Dict[str, Facts]) -> List[Finding]:
        if not needs or not {PROFILES, PERMISSIONS} & set(self.checks):
            return []
        profiles = profiles_of(self.access, needs)
        found: List[Finding] = []
        if PROFILES in self.checks:
            found += [each for need in needs for each in profile_findings(need, profiles)]
        if PERMISSIONS in self.checks:
            found += permission_findings(self.access, self.who, facts, profiles)
        return found


def _of(needs: Sequence[Need], region: str) -> List[Need]:
    return [need for need in needs if need.region == region]


def _region(region: str, answer: Answer[Dict[str, bool]]) -> Finding:
    if region not in answer.given:
        remedy = f"Name one of {', '.join(sorted(answer.given))}."
        return Finding(ERROR, REGIONS, f"There is no region {region}.", remedy, region)
    if not answer.given[region]:
        remedy = f"Enable it: aws account enable-region --region-name {region}"
        return Finding(ERROR, REGIONS, f"The region {region} is not enabled in this account.", remedy, region)
    return Finding(OK, REGIONS, f"The region {region} is enabled.", region=region)


def text_of(findings: Sequence[Finding]) -> List[str]:
    """A table of what needs a person, and the count of all."""
    told = [each for each in findings if each.severity != OK]
    counts = {name: sum(each.severity == name for each in findings) for name in SEVERITIES}
    verdict = (
        f"{counts[ERROR]} errors, {counts['warning']} warnings, {counts[UNCHECKED]} unchecked, {counts[OK]} in order."
    )
    if not told:
        return [verdict]
    rows = [("SEVERITY", "CHECK", "REGION", "CHILD", "WHAT")]
    rows += [(each.severity, each.check, each.region or "-", each.child or "-", each.message) for each in told]
    remedies = [f"  {number}. {remedy}" for number, remedy in enumerate(_remedies(told), 1)]
    return [*text_table(rows), *(["What to do:", *remedies] if remedies else []), verdict]


def _remedies(findings: Sequence[Finding]) -> List[str]:
    return list(dict.fromkeys(each.remedy for each in findings if each.remedy))


def failure_of(findings: Sequence[Finding]) -> str:
    """What a task fails with."""
    lines = [f"{len(findings)} of the checks failed:" if len(findings) > 1 else "One of the checks failed:"]
    for number, each in enumerate(findings, 1):
        place = ", ".join(part for part in (each.region, each.child) if part)
        lines.append(f"{number}. {f'{place}: ' if place else ''}{each.message} {each.remedy}".rstrip())
    return "\n".join(lines)


def report(findings: Sequence[Finding]) -> Dict[str, Any]:
    return {
        "findings": [each.to_dict() for each in findings],
        **{f"{name}_count": sum(each.severity == name for each in findings) for name in SEVERITIES},
        "text": text_of(findings),
    }
