# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions that talk to AWS have in common: options, keys from the environment, errors.

They run in Ansible's own process on the control node. Nothing but the Python package boto3 is needed there.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.parameters import remove_values
from ansible.utils.vars import load_extra_vars

from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import plain
from ansible_collections.mke4k.core.plugins.plugin_utils._task_action import TaskAction

# Kept beside plugins/doc_fragments/_aws.py.
AWS_OPTIONS: dict[str, Any] = {
    "access_key": {"type": "str", "aliases": ["aws_access_key_id", "aws_access_key"]},
    "secret_key": {"type": "str", "no_log": True, "aliases": ["aws_secret_access_key", "aws_secret_key"]},
    "session_token": {"type": "str", "no_log": True, "aliases": ["aws_session_token"]},
    "profile": {"type": "str", "aliases": ["aws_profile"]},
    "region": {"type": "str", "aliases": ["aws_region"]},
    "endpoint_url": {"type": "str", "aliases": ["aws_endpoint_url"]},
    "aws_ca_bundle": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
}
SECRETS = ("secret_key", "session_token")


class AwsMixin:
    """`aws`, for an action that says AWS_OPTIONS among its options; to be named before KubeAction."""

    _args: dict[str, Any]
    _task: Any
    _loader: Any
    _closing: ExitStack
    _aws: AwsAccess | None = None

    @property
    def aws(self) -> AwsAccess:
        """The way to AWS, opened at the first look. The environment of the task holds until the action ends."""
        if self._aws is None:
            self._closing.enter_context(environment(self._task_environment()))
            self._aws = AwsAccess.of(self._args, os.environ)
        return self._aws

    @property
    def aws_requests(self) -> int:
        """How many requests were sent to AWS so far."""
        return self._aws.requests if self._aws else 0

    def aws_warnings(self) -> list[str]:
        """What people should know of where the keys come from."""
        given = [name for name in SECRETS if self._args.get(name)]
        found = [name for name in given if _holds(load_extra_vars(self._loader), str(self._args[name]))]
        if not found:
            return []
        text = (
            f"The value of {' and '.join(found)} comes from the extra variables of the command line or the job, which"
            " are seen in process lists, job details and logs. Give the keys in the environment (AWS_ACCESS_KEY_ID,"
            " AWS_SECRET_ACCESS_KEY), in a profile, in a vault file, or as a credential of AWX."
        )
        return [text]

    def without_keys(self, result: dict[str, Any]) -> dict[str, Any]:
        """The result without the keys that AWS was reached with, should they be in it."""
        secrets = {str(self._args[name]) for name in SECRETS if self._args.get(name)}
        return dict(remove_values(result, secrets)) if secrets else result

    def _guarded(self) -> dict[str, Any]:
        result: dict[str, Any] = super()._guarded()  # type: ignore[misc]
        warnings = self.aws_warnings()
        if warnings:
            result["warnings"] = [*result.get("warnings", []), *warnings]
        return self.without_keys(result)

    def _task_environment(self) -> dict[str, str]:
        """The keyword `environment` of the task, its block and play, which Ansible gives to modules only."""
        if not any(self._task.environment or ()):
            return {}
        found: dict[str, Any] = {}
        self._compute_environment_string(found)  # type: ignore[attr-defined]
        return {str(name): str(plain(value)) for name, value in found.items()}


class AwsAction(AwsMixin, TaskAction):
    """A subclass says its options and `outcome`, and gets `aws`, `check_mode`, `diff` and `progress`."""

    common_options = AWS_OPTIONS

    def _guarded(self) -> dict[str, Any]:
        result = super()._guarded()
        return {**result, "api_requests": self.aws_requests}


@contextmanager
def environment(given: Mapping[str, str]) -> Iterator[None]:
    """These in this process, which is that of one task: boto3 reads much more of it than the options name."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _holds(value: Any, secret: str) -> bool:
    if isinstance(value, Mapping):
        return any(_holds(item, secret) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds(item, secret) for item in value)
    try:
        return isinstance(value, str) and str(value) == secret
    except AnsibleError:
        # A vault text that cannot be opened is not what was given.
        return False
