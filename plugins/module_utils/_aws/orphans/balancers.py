# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers, target groups, and whatever else the tagging API knows.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.belongs import owners_of
from ansible_collections.mke4k.core.plugins.module_utils._aws.orphans.model import HIGH, LOW, Seen, Thing, Unseen
from ansible_collections.mke4k.core.plugins.module_utils._aws.regions import Answer, ask
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess

TAGGED = ("elasticloadbalancing:loadbalancer", "elasticloadbalancing:targetgroup", "s3", "secretsmanager")
# The most that DescribeTags takes.
AT_ONCE = 20
_BY_HAND = {
    "bucket": "a bucket with its content is only removed by hand",
    "secret": "a secret is only removed by hand",
}
Tags = Dict[str, Dict[str, str]]


def balancers(access: AwsAccess, region: str) -> Seen:
    tagged = ask(lambda: _tagged(access, region))
    parts = [
        _of_kind(access, region, _Classic(), tagged),
        _of_kind(access, region, _Balancer(), tagged),
        _of_kind(access, region, _Group(), tagged),
    ]
    seen = Seen()
    for part in parts:
        seen = seen.joined(part)
    if tagged.known:
        return seen.joined(Seen(tuple(_others(tagged.given, region))))
    return seen.joined(Seen(unseen=(Unseen(region, "bucket, secret", tagged.problem, tagged.action),)))


class _Classic:
    type, service, method, key, cost = (
        "load-balancer",
        "elb",
        "describe_load_balancers",
        "LoadBalancerDescriptions",
        HIGH,
    )

    def thing(self, raw: Mapping[str, Any], region: str) -> Thing:
        name = str(raw["LoadBalancerName"])
        return Thing(self.type, name, region, self.cost, "active", name, "", str(raw.get("DNSName") or ""),
                     str(raw.get("VPCId") or ""), detail="classic")  # fmt: skip

    def tags(self, client: Any, things: Sequence[Thing]) -> Tags:
        answer = client.describe_tags(LoadBalancerNames=[thing.id for thing in things])
        return {str(each["LoadBalancerName"]): _plain(each["Tags"]) for each in answer["TagDescriptions"]}

    def is_tagged(self, arn: str, thing: Thing) -> bool:
        return arn.endswith(f":loadbalancer/{thing.id}")


class _Balancer:
    type, service, method, key, cost = "load-balancer", "elbv2", "describe_load_balancers", "LoadBalancers", HIGH

    def thing(self, raw: Mapping[str, Any], region: str) -> Thing:
        arn = str(raw["LoadBalancerArn"])
        return Thing(self.type, arn, region, self.cost, str((raw.get("State") or {}).get("Code") or ""),
                     str(raw["LoadBalancerName"]), arn, str(raw.get("DNSName") or ""), str(raw.get("VpcId") or ""),
                     detail=str(raw.get("Type") or ""))  # fmt: skip

    def tags(self, client: Any, things: Sequence[Thing]) -> Tags:
        answer = client.describe_tags(ResourceArns=[thing.id for thing in things])
        return {str(each["ResourceArn"]): _plain(each["Tags"]) for each in answer["TagDescriptions"]}

    def is_tagged(self, arn: str, thing: Thing) -> bool:
        return arn == thing.id


class _Group(_Balancer):
    type, service, method, key, cost = "target-group", "elbv2", "describe_target_groups", "TargetGroups", "none"

    def thing(self, raw: Mapping[str, Any], region: str) -> Thing:
        arn = str(raw["TargetGroupArn"])
        return Thing(self.type, arn, region, self.cost, "", str(raw["TargetGroupName"]), arn,
                     vpc=str(raw.get("VpcId") or ""))  # fmt: skip


def _of_kind(access: AwsAccess, region: str, kind: Any, tagged: Answer[Tags]) -> Seen:
    client = access.client(kind.service, region)
    found = ask(lambda: [kind.thing(raw, region) for raw in client.pages(kind.method, kind.key)])
    if not found.known:
        return Seen(unseen=(Unseen(region, kind.type, found.problem, found.action),))
    things: List[Thing] = found.given
    known = _matched(kind, things, tagged.value or {})
    # The tagging API is late: what is new has its tags only here.
    missing = [thing for thing in things if thing.id not in known]
    asked = ask(lambda: _asked_for(kind, client, missing))
    seen = Seen(tuple(_with(thing, {**known, **(asked.value or {})}.get(thing.id, {})) for thing in things))
    if asked.known:
        return seen
    return seen.joined(Seen(unseen=(Unseen(region, f"tags of each {kind.type}", asked.problem, asked.action),)))


def _matched(kind: Any, things: Sequence[Thing], tagged: Tags) -> Tags:
    by_name: Dict[str, List[Tuple[str, Dict[str, str]]]] = {}
    for arn, tags in tagged.items():
        by_name.setdefault(arn.rpartition("/")[2], []).append((arn, tags))
    found: Tags = {}
    for thing in things:
        for arn, tags in by_name.get(thing.id.rpartition("/")[2], ()):
            if kind.is_tagged(arn, thing):
                found[thing.id] = tags
    return found


def _asked_for(kind: Any, client: Any, things: Sequence[Thing]) -> Tags:
    found: Tags = {}
    for start in range(0, len(things), AT_ONCE):
        found.update(kind.tags(client, things[start : start + AT_ONCE]))
    return found


def _tagged(access: AwsAccess, region: str) -> Tags:
    client = access.client("resourcegroupstaggingapi", region)
    found = client.pages("get_resources", "ResourceTagMappingList", ResourceTypeFilters=list(TAGGED))
    return {str(each["ResourceARN"]): _plain(each["Tags"]) for each in found}


def _others(tagged: Tags, region: str) -> List[Thing]:
    found = []
    for arn, tags in tagged.items():
        service = arn.split(":")[2]
        kind = {"s3": "bucket", "secretsmanager": "secret"}.get(service)
        if kind and owners_of(tags):
            name = arn.split(":", 5)[5].rpartition(":")[2]
            found.append(Thing(kind, arn, region, LOW, "", name, arn, tags=tags, goes_with=_BY_HAND[kind]))
    return found


def _with(thing: Thing, tags: Mapping[str, str]) -> Thing:
    fields = dict(vars(thing))
    fields["tags"] = dict(tags)
    return Thing(**fields)


def _plain(tags: Sequence[Mapping[str, str]]) -> Dict[str, str]:
    return {str(tag["Key"]): str(tag.get("Value") or "") for tag in tags}
