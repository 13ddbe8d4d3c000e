# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is the same in all regions: instance profiles, and what the keys may do.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Set

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, Missing, NotAllowed
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.policies import CONTROLLERS
from ansible_collections.mke4k.core.plugins.module_utils._aws.identity import Identity
from ansible_collections.mke4k.core.plugins.module_utils._aws.preflight.model import (
    ERROR,
    OK,
    UNCHECKED,
    Facts,
    Finding,
    Need,
    milder,
    unknown,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer, ask, in_parallel
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

PROFILES, PERMISSIONS = "instance_profiles", "permissions"
SERVICES = ("ec2", "elasticloadbalancing", "tag")
AT_ONCE = 50
ALLOWED = "allowed"
_MAKE = "Make it with mke4k.core.aws_iam, or name another in iam_instance_profile."
_GRANT = "Give them the policies of Cluster API's AWS provider (mke4k.core.aws_iam makes them), or use other keys."
# ARNs of the roles in a profile; None where there is no such profile.
Profiles = Dict[str, Answer[Any]]


def profiles_of(access: AwsAccess, needs: Sequence[Need]) -> Profiles:
    iam = access.client("iam")
    names = sorted({group.profile for need in needs for group in need.groups if group.count})

    def look(name: str) -> Any:
        try:
            found = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
        except Missing:
            return None
        return [str(role["Arn"]) for role in found["Roles"]]

    return in_parallel(names, lambda name: ask(lambda: look(name)), threads=4)


def profile_findings(need: Need, profiles: Mapping[str, Answer[Any]]) -> List[Finding]:
    found: List[Finding] = []
    for name in sorted({group.profile for group in need.groups if group.count}):
        answer = profiles[name]
        if not answer.known:
            finding = unknown(PROFILES, answer, f"Instance profile {name}", child=need.name)
        elif answer.value is None:
            finding = Finding(ERROR, PROFILES, f"There is no instance profile {name}.", _MAKE, child=need.name)
        elif not answer.value:
            finding = Finding(ERROR, PROFILES, f"The instance profile {name} has no role.", _MAKE, child=need.name)
        else:
            finding = Finding(OK, PROFILES, f"The instance profile {name} has a role.", child=need.name)
        found.append(milder(finding) if need.exists else finding)
    return found


def needed_actions() -> List[str]:
    """What Cluster API's AWS provider does for children, as its policy has it."""
    return [
        name
        for statement in CONTROLLERS.statements
        if statement.resources == ("*",)
        for name in statement.action_names()
        if name.partition(":")[0] in SERVICES
    ]


def permission_findings(
    access: AwsAccess, who: Identity, regions: Mapping[str, Facts], profiles: Mapping[str, Answer[Any]]
) -> List[Finding]:
    """By simulation; where that is not allowed, by requests that change nothing."""
    if who.principal_arn.endswith(":root"):
        return [Finding(OK, PERMISSIONS, f"{who.arn} is the account itself and may do everything.")]
    roles = sorted({arn for answer in profiles.values() for arn in answer.value or ()})
    simulated = ask(lambda: _refused(access, who, roles))
    if simulated.known:
        return [_judged(who, simulated.given)]
    found = in_parallel(sorted(regions), lambda region: _tried(access, who, regions[region]))
    return [unknown(PERMISSIONS, simulated, f"Permissions of {who.arn} by simulation"), *found.values()]


def _refused(access: AwsAccess, who: Identity, roles: Sequence[str]) -> List[str]:
    iam = access.client("iam")
    actions = needed_actions()
    refused: Set[str] = set()
    for start in range(0, len(actions), AT_ONCE):
        refused |= _simulated(iam, who, actions[start : start + AT_ONCE], [])
    if roles and _simulated(iam, who, ["iam:PassRole"], roles):
        refused.add("iam:PassRole")
    return sorted(refused)


def _simulated(iam: Any, who: Identity, actions: Sequence[str], resources: Sequence[str]) -> Set[str]:
    more = {"ResourceArns": list(resources)} if resources else {}
    results = iam.pages(
        "simulate_principal_policy",
        "EvaluationResults",
        PolicySourceArn=who.principal_arn,
        ActionNames=list(actions),
        **more,
    )
    return {str(each["EvalActionName"]) for each in results if each["EvalDecision"] != ALLOWED}


def _judged(who: Identity, refused: Sequence[str]) -> Finding:
    if not refused:
        return Finding(OK, PERMISSIONS, f"{who.arn} may do what Cluster API's AWS provider does.")
    message = f"{who.arn} is not allowed: {', '.join(refused)}."
    return Finding(ERROR, PERMISSIONS, message, _GRANT)


def _tried(access: AwsAccess, who: Identity, facts: Facts) -> Finding:
    ec2 = access.client("ec2", facts.region)
    image = next((answer.value.id for answer in facts.images.values() if answer.value), "")
    trials: Dict[str, Any] = {
        "ec2:AllocateAddress": lambda: ec2.allocate_address(Domain="vpc", DryRun=True),
        "ec2:CreateInternetGateway": lambda: ec2.create_internet_gateway(DryRun=True),
    }
    if image:
        trials["ec2:RunInstances"] = lambda: ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, DryRun=True)
    outcomes = {action: _outcome(trial) for action, trial in trials.items()}
    refused = [action for action, outcome in outcomes.items() if isinstance(outcome, NotAllowed)]
    unclear = [f"{action}: {outcome}" for action, outcome in outcomes.items() if outcome and action not in refused]
    if refused:
        message = f"{who.arn} is not allowed: {', '.join(refused)}."
        return Finding(ERROR, PERMISSIONS, message, _GRANT, facts.region)
    if unclear:
        return Finding(UNCHECKED, PERMISSIONS, f"Permissions: {'; '.join(unclear)}", region=facts.region)
    return Finding(OK, PERMISSIONS, f"{who.arn} may {', '.join(sorted(trials))} (dry run).", region=facts.region)


def _outcome(trial: Callable[[], Any]) -> Optional[AwsError]:
    """Why it would not be done, or nothing."""
    try:
        trial()
    except AwsError as error:
        return None if error.code == "DryRunOperation" else error
    return None
