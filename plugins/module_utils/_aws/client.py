# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of AWS whose failures are AwsErrors. The only file that knows the package boto3.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Tuple, Type

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import (
    AwsError,
    BadCredentials,
    Call,
    NoRegion,
    NotReachable,
    cleaned,
    refusal,
)

try:
    import boto3  # type: ignore[import-untyped]
    import botocore.config  # type: ignore[import-untyped]
    import botocore.exceptions  # type: ignore[import-untyped]
    import botocore.parsers  # type: ignore[import-untyped]
except ImportError:
    BOTO3_MISSING = traceback.format_exc()
    FAILURES: Tuple[Type[BaseException], ...] = ()
else:
    BOTO3_MISSING = ""
    FAILURES = (
        botocore.exceptions.BotoCoreError,
        botocore.exceptions.ClientError,
        botocore.parsers.ResponseParserError,
    )

CONNECT_SECONDS = 10
READ_SECONDS = 60
POOL = 32
_NO_KEYS = (
    "Give access_key and secret_key, or a profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment;"
    " in AWX attach a credential of the type Amazon Web Services."
)


@dataclass(frozen=True)
class Settings:
    """How AWS is reached, and as whom. What is empty, boto3 finds as every program of AWS does."""

    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    profile: str = ""
    region: str = ""
    endpoint_url: str = ""
    ca_bundle: str = ""
    validate_certs: bool = True
    attempts: int = 8

    @property
    def secrets(self) -> Tuple[str, ...]:
        return tuple(text for text in (self.secret_key, self.session_token, self.access_key) if text)


def require_package() -> None:
    if BOTO3_MISSING:
        raise AwsError(
            "The Python package boto3 is missing on the control node. Install it beside ansible-core"
            " (pip install boto3), or into the execution environment."
        )


def open_session(settings: Settings, count: Callable[[], None]) -> Any:
    """A session of boto3; `count` is called before each request, repetitions included."""
    require_package()
    try:
        session = boto3.Session(
            aws_access_key_id=settings.access_key or None,
            aws_secret_access_key=settings.secret_key or None,
            aws_session_token=settings.session_token or None,
            profile_name=settings.profile or None,
            region_name=settings.region or None,
        )
    except FAILURES as error:
        raise BadCredentials(f"The keys for AWS cannot be used: {error}. {_NO_KEYS}") from error
    session.events.register("before-send", lambda **_all: count())
    return session


def open_client(session: Any, settings: Settings, service: str, region: str) -> Any:
    config = botocore.config.Config(
        retries={"mode": "adaptive", "total_max_attempts": settings.attempts},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=POOL,
        user_agent_extra="mke4k.core",
    )
    verify: Any = (settings.ca_bundle or None) if settings.validate_certs else False
    try:
        return session.client(
            service,
            region_name=region or None,
            endpoint_url=settings.endpoint_url or None,
            verify=verify,
            config=config,
        )
    except FAILURES as error:
        raise failure(error, Call(service, "", region), settings.secrets) from error
    except ValueError as error:
        raise AwsError(f"AWS cannot be reached as given (endpoint_url {settings.endpoint_url!r}): {error}") from error


class Client:
    """A client of one service in one region. Methods are those of boto3's client, and raise AwsErrors."""

    def __init__(self, boto: Any, region: str, secrets: Tuple[str, ...] = (), account: Callable[[], str] = str) -> None:
        self._boto = boto
        self._region = region
        self._secrets = secrets
        self._account = account
        prefix = str(boto.meta.service_model.signing_name)
        self._service = "tag" if prefix == "tagging" else prefix

    @property
    def region(self) -> str:
        return self._region

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method.startswith("_"):
            raise AttributeError(method)
        called = getattr(self._boto, method)

        def guarded(**arguments: Any) -> Any:
            try:
                return called(**arguments)
            except FAILURES as error:
                raise self._failure(error, method) from error

        return guarded

    def pages(self, method: str, key: str, **arguments: Any) -> List[Any]:
        """What is below `key` in all pages of the answer."""
        if not self._boto.can_paginate(method):
            return list(getattr(self, method)(**arguments).get(key) or [])
        found: List[Any] = []
        try:
            for page in self._boto.get_paginator(method).paginate(**arguments):
                found += page.get(key) or []
        except FAILURES as error:
            raise self._failure(error, method) from error
        return found

    def _failure(self, error: BaseException, method: str) -> AwsError:
        operation = self._boto.meta.method_to_api_mapping.get(method, method)
        return failure(error, Call(self._service, operation, self._region, self._account()), self._secrets)


def failure(error: BaseException, call: Call, secrets: Tuple[str, ...] = ()) -> AwsError:
    """What a person can act on, from an error of boto3."""
    if isinstance(error, botocore.exceptions.ClientError):
        answer: Dict[str, Any] = error.response.get("Error") or {}
        status = int((error.response.get("ResponseMetadata") or {}).get("HTTPStatusCode") or 0)
        text = without(str(answer.get("Message") or "no message"), secrets)
        return refusal(str(answer.get("Code") or status or "unknown"), text, call, status)
    if isinstance(error, botocore.parsers.ResponseParserError):
        return NotReachable(
            f"What answered {call.action}{call.place} is not AWS, or not in good order. Check the way to AWS from the"
            " control node (HTTPS_PROXY, endpoint_url), and run again.",
            operation=call.action,
            region=call.region,
        )
    text = without(cleaned(str(error)), secrets).rstrip(".")
    known = botocore.exceptions
    if isinstance(error, known.NoRegionError):
        return NoRegion(f"{call.action} needs a region. Give region, or AWS_REGION in the environment.")
    if isinstance(error, (known.HTTPClientError, known.ConnectionError)):
        return NotReachable(
            f"AWS did not answer {call.action}{call.place}: {text}. Check the way to AWS from the control node (name"
            " resolution, HTTPS_PROXY, firewall, endpoint_url, aws_ca_bundle).",
            operation=call.action,
            region=call.region,
        )
    if isinstance(error, _credential_errors()):
        return BadCredentials(f"There are no usable keys for {call.action}{call.place}: {text}. {_NO_KEYS}")
    return AwsError(f"{call.action}{call.place} failed: {text}.", operation=call.action, region=call.region)


def without(text: str, secrets: Tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, "(not shown)")
    return text


def _credential_errors() -> Tuple[Type[BaseException], ...]:
    known = botocore.exceptions
    return (
        known.NoCredentialsError,
        known.PartialCredentialsError,
        known.CredentialRetrievalError,
        known.ProfileNotFound,
        known.ConfigNotFound,
        known.ConfigParseError,
        known.InvalidConfigError,
        known.SSOError,
        known.TokenRetrievalError,
        known.MetadataRetrievalError,
    )
