# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quotas: what Service Quotas says of them, and that they hold. moto knows neither.

To be imported by the process of the server only.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Mapping, Tuple

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.elb.exceptions import ELBClientError
from moto.elb.models import ELBBackend
from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse

from tests.aws.replace import replace

EIP, VPC, IGW, NAT = "L-0263D0A3", "L-F678F1CE", "L-A4707A72", "L-FE5A380F"
VCPU, CLASSIC, GP2, GP3 = "L-1216C47A", "L-E9E9831D", "L-D18FCD1D", "L-7A658B76"
# service, name, value of a new account (AWS gives each account its own number of vCPUs)
TABLE: Dict[str, Tuple[str, str, float]] = {
    EIP: ("ec2", "EC2-VPC Elastic IPs", 5.0),
    VCPU: ("ec2", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 64.0),
    VPC: ("vpc", "VPCs per Region", 5.0),
    IGW: ("vpc", "Internet gateways per Region", 5.0),
    NAT: ("vpc", "NAT gateways per Availability Zone", 5.0),
    CLASSIC: ("elasticloadbalancing", "Classic Load Balancers per Region", 20.0),
    GP2: ("ebs", "Storage for General Purpose SSD (gp2) volumes, in TiB", 50.0),
    GP3: ("ebs", "Storage for General Purpose SSD (gp3) volumes, in TiB", 50.0),
}
_given: Dict[str, float] = {}


def set_quotas(values: Mapping[str, float]) -> None:
    """Set these, and all others to those of a new account."""
    _given.clear()
    _given.update({code: float(value) for code, value in values.items()})


def quota(code: str) -> float:
    return _given.get(code, TABLE[code][2])


def add_quotas() -> None:
    """Answer for them, and keep to them, once a process."""
    backend: Any = ServiceQuotasBackend
    response: Any = ServiceQuotasResponse
    backend.get_service_quota = _get
    backend.list_aws_default_service_quotas = lambda _self, service: _of(service, defaults=True)
    response.list_service_quotas = _list_answer
    response.get_aws_default_service_quota = _default_answer
    _limit(EC2Backend, "allocate_address", EIP, lambda ec2, *_a, **_k: len(ec2.addresses),
           "AddressLimitExceeded", "The maximum number of addresses has been reached.")  # fmt: skip
    _limit(EC2Backend, "create_vpc", VPC, lambda ec2, *_a, **_k: len(ec2.vpcs),
           "VpcLimitExceeded", "The maximum number of VPCs has been reached.")  # fmt: skip
    _limit(EC2Backend, "create_internet_gateway", IGW, lambda ec2, *_a, **_k: len(ec2.internet_gateways),
           "InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached.")  # fmt: skip
    _limit(EC2Backend, "create_nat_gateway", NAT, _nats_beside,
           "NatGatewayLimitExceeded", "The maximum number of NAT gateways has been reached.")  # fmt: skip
    _limit(ELBBackend, "create_load_balancer", CLASSIC, lambda elb, *_a, **_k: len(elb.load_balancers),
           "TooManyLoadBalancers", "The quota on the number of load balancers has been reached.")  # fmt: skip
    replace(EC2Backend, "run_instances", _within_vcpus)


def _limit(owner: Any, method: str, code: str, used: Callable[..., int], error: str, message: str) -> None:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def limited(self: Any, *rest: Any, **more: Any) -> Any:
            if not more.get("is_default") and used(self, *rest, **more) >= quota(code):
                raise (ELBClientError if owner is ELBBackend else EC2ClientError)(error, message)
            return original(self, *rest, **more)

        return limited

    replace(owner, method, make)


def _nats_beside(ec2: Any, subnet_id: str, *_rest: Any, **_more: Any) -> int:
    zone = ec2.get_subnet(subnet_id).availability_zone
    live = [nat for nat in ec2.nat_gateways.values() if nat.state not in ("deleted", "failed")]
    return sum(ec2.get_subnet(nat.subnet_id).availability_zone == zone for nat in live)


def _within_vcpus(original: Callable[..., Any]) -> Callable[..., Any]:
    def run(self: Any, image_id: str, count: int, *rest: Any, **more: Any) -> Any:
        running = [each for each in self.all_instances() if each.state in ("pending", "running")]
        wanted = int(count) * _vcpus(str(more.get("instance_type")))
        if sum(_vcpus(each.instance_type) for each in running) + wanted > quota(VCPU):
            raise EC2ClientError(
                "VcpuLimitExceeded",
                f"You have requested more vCPU capacity than your current vCPU limit of {quota(VCPU):.0f} allows for"
                " the instance bucket that the specified instance type belongs to.",
            )
        return original(self, image_id, count, *rest, **more)

    return run


def _vcpus(instance_type: str) -> int:
    return int(INSTANCE_TYPES.get(instance_type, {}).get("VCpuInfo", {}).get("DefaultVCpus", 0))


def _of(service: str, *, defaults: bool) -> List[Dict[str, Any]]:
    found = [_entry(code, defaults=defaults) for code, (of, _name, _value) in TABLE.items() if of == service]
    if not found:
        raise NoSuchResource
    return found


def _entry(code: str, *, defaults: bool) -> Dict[str, Any]:
    service, name, default = TABLE[code]
    return {
        "ServiceCode": service,
        "ServiceName": service,
        "QuotaArn": f"arn:aws:servicequotas:::{service}/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": default if defaults else quota(code),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }


def _get(_self: Any, service_code: str, quota_code: str, *, defaults: bool = False) -> Dict[str, Any]:
    if TABLE.get(quota_code, ("",))[0] != service_code:
        raise NoSuchResource
    return _entry(quota_code, defaults=defaults)


def _list_answer(self: Any) -> str:
    return json.dumps({"Quotas": _of(str(json.loads(self.body).get("ServiceCode")), defaults=False)})


def _default_answer(self: Any) -> str:
    given = json.loads(self.body)
    return json.dumps({"Quota": _get(self, str(given["ServiceCode"]), str(given["QuotaCode"]), defaults=True)})
