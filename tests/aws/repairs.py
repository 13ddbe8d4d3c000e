# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where moto (5.2) differs from AWS in what Cluster API's AWS provider and this collection rely on.

To be imported by the process of the server only, before its first request.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Callable

import moto.ec2.models.instances as ec2_instances
import moto.ec2.models.security_groups as ec2_groups
import moto.ec2.utils as ec2_utils
from moto.core import serialize
from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response, instances as run_answers
from moto.ec2.utils import filter_dict_attribute_mapping
from moto.iam.exceptions import NotFoundException
from moto.utilities.utils import get_partition

from tests.aws.repairs_iam import repair_iam
from tests.aws.replace import replace

OPTED_OUT = "not-opted-in"


def repair() -> None:
    """Repair them all, once a process."""
    _accept_protocols_without_ports()
    _remove_first_interfaces_with_their_instance()
    _remove_interfaces_with_their_nat_gateway()
    _refuse_removal_of_what_is_in_use()
    _name_unknown_profiles_as_ec2_does()
    _keep_regions_to_the_partition()
    _find_instances_by_their_profile()
    _find_what_matches_one_of_several_values()
    _answer_several_at_once()
    repair_iam()


def _accept_protocols_without_ports() -> None:
    """IP-in-IP (protocol 4) has no ports; moto answers 500 to a rule for it."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def init(
            self: Any, backend: Any, protocol: Any, group_id: Any, from_port: Any, to_port: Any, *rest: Any, **more: Any
        ) -> None:
            if protocol and str(protocol) != "-1" and from_port is None:
                from_port = to_port = "-1"
            original(self, backend, protocol, group_id, from_port, to_port, *rest, **more)

        return init

    replace(ec2_groups.SecurityGroupRule, "__init__", make)


def _remove_first_interfaces_with_their_instance() -> None:
    """The interface that RunInstances makes goes with the instance."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def prepare(self: Any, given: Any, *rest: Any, **more: Any) -> None:
            original(self, given, *rest, **more)
            each = given.values() if isinstance(given, dict) else given or []
            named = {interface.get("NetworkInterfaceId") for interface in each}
            for interface in self.nics.values():
                if interface.id not in named:
                    interface.delete_on_termination = True

        return prepare

    replace(ec2_instances.Instance, "prep_nics", make)


def _remove_interfaces_with_their_nat_gateway() -> None:
    """What a gateway was made with goes with it; its address is only free then, and not before."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def delete(self: Any, nat_gateway_id: str) -> Any:
            gateway = original(self, nat_gateway_id)
            interface = gateway._eni.id
            for address in self.addresses:
                if address.eni is gateway._eni:
                    address.eni = address.association_id = None
            self.enis.pop(interface, None)
            return gateway

        return delete

    replace(EC2Backend, "delete_nat_gateway", make)


def _refuse_removal_of_what_is_in_use() -> None:
    """Subnets, security groups and gateways in use stay, as on AWS."""

    def subnet(original: Callable[..., Any]) -> Callable[..., Any]:
        def delete(self: Any, subnet_id: str) -> Any:
            if any(eni.subnet.id == subnet_id for eni in self.enis.values()) or _has_nat(self, subnet_id):
                raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
            return original(self, subnet_id)

        return delete

    def group(original: Callable[..., Any]) -> Callable[..., Any]:
        def delete(self: Any, name: Any = None, group_id: Any = None) -> Any:
            if group_id and any(group_id in (each.id for each in eni.group_set) for eni in self.enis.values()):
                raise DependencyViolationError(f"resource {group_id} has a dependent object")
            return original(self, name, group_id)

        return delete

    def gateway(original: Callable[..., Any]) -> Callable[..., Any]:
        def detach(self: Any, internet_gateway_id: str, vpc_id: str) -> Any:
            if any(_has_nat(self, each.id) for each in self.describe_subnets() if each.vpc_id == vpc_id):
                raise DependencyViolationError(
                    f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es)"
                    " before detaching the gateway."
                )
            return original(self, internet_gateway_id, vpc_id)

        return detach

    replace(EC2Backend, "delete_subnet", subnet)
    replace(EC2Backend, "delete_security_group", group)
    replace(EC2Backend, "detach_internet_gateway", gateway)


def _has_nat(backend: Any, subnet_id: str) -> bool:
    return any(
        nat.subnet_id == subnet_id and nat.state not in ("deleted", "failed") for nat in backend.nat_gateways.values()
    )


def _name_unknown_profiles_as_ec2_does() -> None:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def profile(*rest: Any, **more: Any) -> Any:
            try:
                return original(*rest, **more)
            except NotFoundException as error:
                name = more.get("iam_instance_profile_name") or more.get("iam_instance_profile_arn")
                raise EC2ClientError(
                    "InvalidParameterValue",
                    f"Value ({name}) for parameter iamInstanceProfile.name is invalid."
                    " Invalid IAM Instance Profile name",
                ) from error

        return profile

    replace(run_answers, "filter_iam_instance_profiles", make)


def _keep_regions_to_the_partition() -> None:
    """An account of the partition aws has no region of another one, and lists those that are enabled."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def describe(self: Any, *rest: Any, **more: Any) -> Any:
            return [each for each in original(self, *rest, **more) if get_partition(each.name) == self.partition]

        return describe

    def answer(self: Any) -> ActionResult:
        found = self.ec2_backend.describe_regions(self._get_param("RegionNames", []))
        everything = self._get_bool_param("AllRegions", False)
        return ActionResult({"Regions": [each for each in found if everything or each.opt_in_status != OPTED_OUT]})

    replace(EC2Backend, "describe_regions", make)
    responses: Any = EC2Response
    responses.describe_regions = answer


def _find_instances_by_their_profile() -> None:
    """The filter iam-instance-profile.arn, to which moto answers 500."""

    def arn(self: Any) -> str:
        found = self.ec2_backend.iam_instance_profile_associations.get(self.id)
        return found.iam_instance_profile.arn if found else ""

    instances: Any = ec2_instances.Instance
    instances.profile_arn = property(arn)
    filter_dict_attribute_mapping["iam-instance-profile.arn"] = "profile_arn"


def _find_what_matches_one_of_several_values() -> None:
    """A filter such as tag-key takes what has one of its values; moto wants all of them."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def matching(each: Any, name: str, wanted: Any) -> bool:
            if name in ("tag-key", "tag-value") and isinstance(wanted, list):
                found = each.get_filter_value(name) or ()
                return any(fnmatchcase(value, pattern) for value in found for pattern in wanted)
            return bool(original(each, name, wanted))

        return matching

    replace(ec2_utils, "is_filter_matching", make)


def _answer_several_at_once() -> None:
    """Answers share a table that each request writes into while others read it."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def picked(self: Any, context: Any) -> Any:
            while True:
                try:
                    return original(self, context)
                except RuntimeError as error:  # noqa: PERF203 - another request wrote just then
                    if "changed size during iteration" not in str(error):
                        raise

        return picked

    replace(serialize.XFormedAttributePicker, "__call__", make)
