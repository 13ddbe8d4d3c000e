# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes, rotates or removes the credential that children in AWS are made with. Runs on the control node."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.keys import Keys
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.names import CONTROLLER, ROLE, STATIC
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.place import placed
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.present import (
    Done,
    Terms,
    predicted,
    present,
)
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.proof import Patience
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.remove import absent
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.rotate import Rotation, rotate
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.sync import sync
from ansible_collections.mke4k.core.plugins.module_utils._children.credentials.wish import Role, Wish
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.apply import Change
from ansible_collections.mke4k.core.plugins.module_utils._kube.retry import Clock
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_action import AwsMixin, environment
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_iam_keys import IamKeys
from ansible_collections.mke4k.core.plugins.plugin_utils._aws_keys import KEYS_OPTIONS, keys_of
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction

SOURCE_OPTIONS: dict[str, Any] = {
    "kind": {"type": "str", "choices": [STATIC, ROLE, CONTROLLER], "default": CONTROLLER},
    "name": {"type": "str", "default": ""},
}
TEMPORARY = (
    "The AWS keys are temporary: when they end, nothing of the children can be scaled, healed or deleted. Run this"
    " again with fresh ones before that, or use the keys of an IAM user."
)


class ActionModule(AwsMixin, KubeAction):
    options = {
        **KEYS_OPTIONS,
        "state": {"type": "str", "choices": ["present", "absent", "rotated", "synced"], "default": "present"},
        "kind": {"type": "str", "choices": [STATIC, ROLE, CONTROLLER], "default": STATIC},
        "name": {"type": "str", "default": ""},
        "credential": {"type": "str", "default": ""},
        "secret": {"type": "str", "default": "", "no_log": False},
        "namespace": {"type": "str", "default": ""},
        "secret_namespace": {"type": "str", "default": "", "no_log": False},
        "description": {"type": "str", "default": ""},
        "allowed_namespaces": {"type": "list", "elements": "str", "default": []},
        "role_arn": {"type": "str", "default": ""},
        "session_name": {"type": "str", "default": ""},
        "external_id": {"type": "str", "default": ""},
        "duration_seconds": {"type": "int", "default": 0},
        "policy_arns": {"type": "list", "elements": "str", "default": []},
        "source_identity": {"type": "dict", "options": SOURCE_OPTIONS},
        "verify": {"type": "bool", "default": True},
        "region": {"type": "str", "default": ""},
        "endpoint_url": {"type": "str", "default": ""},
        "aws_ca_bundle": {"type": "path", "default": ""},
        "aws_validate_certs": {"type": "bool", "default": True},
        "restart": {"type": "bool", "default": True},
        "settle": {"type": "int", "default": 30},
        "proof_timeout": {"type": "int", "default": 300},
        "retire_old": {"type": "bool", "default": False},
        "retire_profile": {"type": "str", "default": ""},
        "wait": {"type": "bool", "default": True},
        "timeout": {"type": "int", "default": 600},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        self._closing.enter_context(environment(self._task_environment()))
        keys = self._keys(args)
        wish, terms = _wish(args, keys), self._terms(args, keys)
        api = self.api_or_none
        if args["state"] == "absent":
            gone = absent(api, wish, terms)
            return {"changed": gone.changed, **_objects(gone.wish, gone.changes), **self._diffs(gone.changes)}
        if args["state"] == "synced":
            return self._synced(api, wish, keys, terms)
        if api is None:
            return self._result(Rotation(predicted(wish)), keys)
        if args["state"] == "rotated":
            patience = Patience(float(args["settle"]), float(args["proof_timeout"]), Clock())
            return self._result(rotate(api, wish, terms, patience, args["retire_old"]), keys)
        return self._result(Rotation(present(api, wish, terms)), keys)

    def _synced(self, api: Api | None, wish: Wish, keys: Keys | None, terms: Terms) -> dict[str, Any]:
        """Does nothing where nobody gave keys, or where there is no such Credential: then no child uses it either."""
        wish = placed(api, wish) if api is not None else wish
        if api is None or keys is None or api.get(wish.credential_ref) is None:
            why = "no keys were given" if keys is None else f"{wish.credential_ref} is not there"
            return {"changed": False, **_objects(wish, ()), "restarted": False, "text": [f"nothing was synced: {why}"]}
        found = sync(api, [wish.credential_name], wish.namespace, keys, terms)
        changes = tuple(Change(ref, "updated") for ref in found.secrets)
        lines = [f"updated: {ref}" for ref in found.secrets] or ["the keys are good, or none of its own"]
        return {"changed": found.changed, **_objects(wish, changes), "restarted": found.restarted, "text": lines}

    def _keys(self, args: Mapping[str, Any]) -> Keys | None:
        """Only an identity of kind static has keys; those that lie around are nobody else's business."""
        if args["kind"] != STATIC or args["state"] == "absent":
            return None
        keys, notes = keys_of(args, os.environ)
        if keys is not None and keys.is_temporary:
            notes = [*notes, TEMPORARY]
        for note in notes:
            Display().warning(note)
        return keys

    def _terms(self, args: Mapping[str, Any], keys: Keys | None) -> Terms:
        way = {name: args[name] for name in ("region", "endpoint_url", "aws_ca_bundle")}
        way["endpoint_url"] = way["endpoint_url"] or os.environ.get("AWS_ENDPOINT_URL", "")
        way["validate_certs"] = args["aws_validate_certs"]
        return Terms(
            timeout=float(args["timeout"]),
            wait=args["wait"],
            restart=args["restart"],
            dry_run=self.check_mode,
            aws=IamKeys(way, os.environ, keys, args["retire_profile"]) if args["verify"] else None,
            say=lambda line: self.progress(f"{args['name'] or 'aws_credential'}: {line}"),
        )

    def _result(self, rotation: Rotation, keys: Keys | None) -> dict[str, Any]:
        done = rotation.done
        return {
            "changed": rotation.changed,
            **_objects(done.wish, done.changes),
            "ready": done.ready,
            "message": done.message,
            "account": done.account,
            "keys_from": _origin(done, keys),
            "restarted": done.restarted,
            "children": [proof.to_dict() for proof in rotation.proofs],
            "retired": rotation.retired,
            "not_retired": rotation.left,
            "text": _text(rotation),
            **self._diffs(done.changes),
        }

    def _diffs(self, changes: tuple[Change, ...]) -> dict[str, Any]:
        return {"diff": [change.diff() for change in changes if change.changed]} if self.diff else {}


def _wish(args: Mapping[str, Any], keys: Keys | None) -> Wish:
    source = args["source_identity"] or {}
    return Wish(
        kind=args["kind"],
        name=args["name"],
        credential=args["credential"],
        secret=args["secret"],
        namespace=args["namespace"],
        secret_namespace=args["secret_namespace"],
        description=args["description"],
        allowed_namespaces=tuple(item for item in args["allowed_namespaces"] if item),
        keys=keys,
        role=Role(
            arn=args["role_arn"],
            session_name=args["session_name"],
            external_id=args["external_id"],
            duration=args["duration_seconds"],
            policy_arns=tuple(item for item in args["policy_arns"] if item),
            source_kind=source.get("kind") or CONTROLLER,
            source_name=source.get("name") or "",
        ),
    )


def _objects(wish: Wish, changes: tuple[Change, ...]) -> dict[str, Any]:
    return {
        "credential": wish.credential_name,
        "namespace": wish.namespace,
        "identity": {"kind": wish.identity_kind.kind, "name": wish.identity_name},
        "secret": wish.secret_name if wish.kind == STATIC else "",
        "secret_namespace": wish.secret_namespace,
        "objects": [change.to_dict() for change in changes],
    }


def _origin(done: Done, keys: Keys | None) -> str:
    if done.wish.kind != STATIC:
        return "none"
    return f"from {keys.source}" if keys is not None else "kept"


def _text(rotation: Rotation) -> list[str]:
    done = rotation.done
    lines = [f"{change.action}: {change.ref}" for change in done.changes]
    if done.restarted:
        lines.append("restarted: the controller of CAPA, which keeps sessions with earlier keys")
    for proof in rotation.proofs:
        state = "works with the new keys" if proof.proven else "not proven"
        lines.append(f"{proof.namespace}/{proof.name}: {state}{': ' + proof.message if proof.message else ''}")
    if rotation.retired:
        lines.append(f"retired: {rotation.retired} old access key(s), deactivated and deleted in IAM")
    if rotation.left:
        lines.append(f"still there in IAM: {rotation.left} old access key(s); retire_old removes them")
    return lines
