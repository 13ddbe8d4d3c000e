# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to AWS: whose keys, which region, which endpoint; clients are made once and shared by threads.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any, Dict, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.client import (
    Client,
    Settings,
    open_client,
    open_session,
    require_package,
)
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, NoRegion

REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
# One endpoint for the whole partition: a region only says how requests are signed.
GLOBAL_SERVICES = ("iam", "sts", "pricing")
ANY_REGION = "us-east-1"
ATTEMPTS = 8


class AwsAccess:
    """Clients for one identity. `account` is filled when it was asked for, and then part of every message."""

    def __init__(self, settings: Settings) -> None:
        require_package()
        self.settings = settings
        self.account = ""
        self._count = 0
        self._lock = threading.RLock()
        self._clients: Dict[Tuple[str, str], Client] = {}
        self._session = open_session(settings, self._counted)

    @classmethod
    def of(cls, options: Mapping[str, Any], environ: Mapping[str, str]) -> AwsAccess:
        """`options` are named as those of amazon.aws; what they leave out is taken from the environment or files."""
        return cls(settings_of(options, environ))

    def with_keys(self, access_key: str, secret_key: str, session_token: str = "") -> AwsAccess:
        """The same way with other keys."""
        keys = {"access_key": access_key, "secret_key": secret_key, "session_token": session_token}
        return AwsAccess(replace(self.settings, profile="", **keys))  # type: ignore[arg-type]

    @property
    def region(self) -> str:
        """The region for what is in one; empty when nothing says it."""
        return str(self._session.region_name or "")

    @property
    def requests(self) -> int:
        """How many requests were sent so far, repetitions included."""
        return self._count

    @property
    def source(self) -> str:
        """Where the keys were found, in boto3's words (explicit, env, shared-credentials-file, iam-role, ...)."""
        found = self._session.get_credentials()
        return str(found.method) if found is not None else ""

    def client(self, service: str, region: str = "") -> Client:
        """The client for a service (boto3's name) in a region, by default that of the options."""
        region = region or self.region or (ANY_REGION if service in GLOBAL_SERVICES else "")
        if not region:
            raise NoRegion(f"Nothing says in which region {service} is to be asked. Give region, or AWS_REGION.")
        with self._lock:
            if (service, region) not in self._clients:
                boto = open_client(self._session, self.settings, service, region)
                self._clients[service, region] = Client(boto, region, self.settings.secrets, lambda: self.account)
            return self._clients[service, region]

    def _counted(self) -> None:
        with self._lock:
            self._count += 1


def settings_of(options: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Raises AwsError where the options contradict each other."""
    given = {name: str(value) for name, value in options.items() if value not in (None, "")}
    if ("access_key" in given) != ("secret_key" in given):
        missing = "secret_key" if "access_key" in given else "access_key"
        raise AwsError(f"access_key and secret_key belong together, but {missing} is empty. Give both or neither.")
    if "session_token" in given and "access_key" not in given:
        raise AwsError("session_token belongs to an access_key and a secret_key. Give all three, or none of them.")
    if "profile" in given and "access_key" in given:
        raise AwsError("Both profile and access_key say whose keys to use. Give one of them.")
    region = given.get("region") or next((environ[name] for name in REGION_VARIABLES if environ.get(name)), "")
    return Settings(
        access_key=given.get("access_key", ""),
        secret_key=given.get("secret_key", ""),
        session_token=given.get("session_token", ""),
        profile=given.get("profile", ""),
        region=region,
        endpoint_url=given.get("endpoint_url", ""),
        ca_bundle=given.get("aws_ca_bundle", ""),
        validate_certs=options.get("validate_certs") is not False,
        attempts=_attempts(environ),
    )


def _attempts(environ: Mapping[str, str]) -> int:
    text = environ.get("AWS_MAX_ATTEMPTS", "")
    if not text:
        return ATTEMPTS
    if not text.isdigit() or int(text) < 1:
        raise AwsError(f"AWS_MAX_ATTEMPTS is {text!r} in the environment, which is no number above 0.")
    return int(text)
