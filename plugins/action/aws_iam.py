# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes what clusterawsadm bootstrap iam makes, by calls of IAM alone. Runs on the control node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.key import KeyWish
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.names import STACK, SUFFIX, Naming
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.present import Terms, present
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.remove import RemovalTerms, remove
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.result import removal, result
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.steps import Patience
from ansible_collections.mke4k.core.plugins.module_utils._aws.iam.wish import Settings, Wish, wish
from ansible_collections.mke4k.core.plugins.module_utils._aws.identity import Identity, who_am_i
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_action import AwsAction
from ansible_collections.mke4k.core.plugins.plugin_utils._private_file import hindrance, read_private, write_private


class ActionModule(AwsAction):
    options = {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "prefix": {"type": "str", "default": ""},
        "suffix": {"type": "str", "default": SUFFIX},
        "path": {"type": "str", "default": "/"},
        "partition": {"type": "str", "default": ""},
        "eks": {"type": "bool", "default": True},
        "checks": {"type": "bool", "default": False},
        "pass_roles": {"type": "list", "elements": "str", "default": []},
        "user": {"type": "str", "default": ""},
        "user_key_file": {"type": "path"},
        "user_key_in_result": {"type": "bool", "default": False, "no_log": False},
        "permissions_boundary": {"type": "str", "default": ""},
        "tags": {"type": "dict", "default": {}},
        "adopt": {"type": "str", "choices": ["keep", "update"], "default": "keep"},
        "stack_name": {"type": "str", "default": STACK},
        "force": {"type": "bool", "default": False},
        "timeout": {"type": "int", "default": 60},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        _require_sense(args)
        key = _key_wish(args)
        who = who_am_i(self.aws)
        naming = _naming(args, who)
        patience = Patience(seconds=float(args["timeout"]), progress=lambda text: self.progress(f"IAM: {text}"))
        if args["state"] == "absent":
            everything = wish(naming, Settings(eks=True, checks=True, user=args["user"]))
            terms = RemovalTerms(args["stack_name"], args["force"], self.check_mode, patience)
            return {**removal(remove(self.aws, everything, terms)), "account": who.account}
        done = present(self.aws, _wish(naming, args), self._terms(args, patience, key))
        shown = result(done, _wish(naming, args), key)
        return {**shown, "account": who.account, "diff": done.plan.diffs if self.diff else []}

    def _terms(self, args: Mapping[str, Any], patience: Patience, key: KeyWish) -> Terms:
        return Terms(
            stack_name=args["stack_name"],
            may_update=args["adopt"] == "update",
            dry_run=self.check_mode,
            patience=patience,
            key=key,
            save=lambda text: write_private(key.path, text),
        )


def _require_sense(args: Mapping[str, Any]) -> None:
    path = args["path"]
    if not (path.startswith("/") and path.endswith("/")):
        raise AwsError(f"path is {path!r}, but a path of IAM begins and ends with a slash, such as /clusters/.")
    wants_key = args["user_key_file"] or args["user_key_in_result"]
    if wants_key and not args["user"] and args["state"] == "present":
        raise AwsError("user_key_file and user_key_in_result ask for a key of a user, but user is empty. Name one.")


def _key_wish(args: Mapping[str, Any]) -> KeyWish:
    path = str(args["user_key_file"] or "")
    if not path or args["state"] == "absent":
        return KeyWish(shown=args["user_key_in_result"])
    problem = hindrance(path)
    if problem:
        raise AwsError(f"The key of the user {args['user']} cannot be written to {path}: {problem}.")
    return KeyWish(path, read_private(path), args["user_key_in_result"])


def _naming(args: Mapping[str, Any], who: Identity) -> Naming:
    given = args["partition"]
    if given and given != who.partition:
        raise AwsError(
            f"partition is {given}, but the keys are those of {who.arn}, in {who.partition}. Give the keys of an"
            f" account in {given}, or leave partition empty."
        )
    return Naming(who.account, who.partition, args["prefix"], args["suffix"], args["path"])


def _wish(naming: Naming, args: Mapping[str, Any]) -> Wish:
    settings = Settings(
        eks=args["eks"],
        checks=args["checks"],
        pass_roles=tuple(args["pass_roles"]),
        user=args["user"],
        boundary=args["permissions_boundary"],
        tags={str(name): str(value) for name, value in args["tags"].items()},
    )
    return wish(naming, settings)
