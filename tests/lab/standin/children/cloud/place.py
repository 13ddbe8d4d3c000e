# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One account and region as one child uses it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Tuple

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

from tests.lab.standin.api import Unreachable
from tests.lab.standin.children.failures import Failure

PREFIX = "sigs.k8s.io/cluster-api-provider-aws"
_LOCK = threading.Lock()
_CLIENTS: Dict[Tuple[str, ...], Any] = {}


@dataclass(frozen=True)
class Keys:
    """What the Secret of an identity holds."""

    access_key: str
    secret_key: str
    token: str = ""


@dataclass(frozen=True)
class Place:
    """Where a child has its resources, and in whose name."""

    endpoint: str
    region: str
    keys: Keys
    cluster: str

    def client(self, service: str) -> Any:
        """boto3's; making one is slow and not safe in several threads at once."""
        keys = self.keys
        name = (service, self.endpoint, self.region, keys.access_key, keys.secret_key, keys.token)
        with _LOCK:
            if name not in _CLIENTS:
                _CLIENTS[name] = boto3.client(
                    service,
                    region_name=self.region,
                    endpoint_url=self.endpoint,
                    aws_access_key_id=keys.access_key,
                    aws_secret_access_key=keys.secret_key,
                    aws_session_token=keys.token or None,
                    config=Config(retries={"max_attempts": 1}),
                )
            return _CLIENTS[name]

    def tags(self, name: str, role: str = "common", **more: str) -> List[Dict[str, str]]:
        """As Cluster API's AWS provider tags what it makes."""
        found = {"Name": f"{self.cluster}-{name}", f"{PREFIX}/cluster/{self.cluster}": "owned"}
        return _pairs({**found, f"{PREFIX}/role": role, **more})

    def specification(self, kind: str, name: str, role: str = "common", **more: str) -> List[Dict[str, Any]]:
        return [{"ResourceType": kind, "Tags": self.tags(name, role, **more)}]

    def filter(self) -> List[Dict[str, Any]]:
        """What the child owns."""
        return [{"Name": f"tag:{PREFIX}/cluster/{self.cluster}", "Values": ["owned"]}]


def _pairs(tags: Mapping[str, str]) -> List[Dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@contextmanager
def answered() -> Iterator[None]:
    """What AWS refuses where nothing of the child tells of it, and where no AWS answers, is tried again."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unreachable(f"AWS: {error}") from error


@dataclass(frozen=True)
class Told(Failure):
    """A failure in AWS' own words."""


def failure(error: ClientError, usual: Failure) -> Failure:
    """`usual`: the failure whose place and condition it has."""
    told = error.response["Error"]
    return Told(
        usual.name,
        usual.stage,
        usual.down,
        usual.kind,
        usual.condition,
        usual.reason,
        usual.severity,
        usual.prefix,
        str(told.get("Code")),
        str(told.get("Message")),
        f"{_SERVICES.get(error.operation_name, 'EC2')}: {error.operation_name}",
        int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 400),
        _event(str(told.get("Code")), usual),
        usual.event_prefix,
    )


def _event(code: str, usual: Failure) -> str:
    return code if code in ("AuthFailure", "UnauthorizedOperation") else usual.event


_SERVICES = dict.fromkeys(
    ("CreateLoadBalancer", "DeleteLoadBalancer", "RegisterInstancesWithLoadBalancer"), "Elastic Load Balancing"
)
