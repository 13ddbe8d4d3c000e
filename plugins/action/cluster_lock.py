# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes, renews, gives back or shows the lock of a cluster. Runs on the control node."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NotReachable, PackageMissing
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.decide import decide
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.keep import (
    look,
    refusal,
    release,
    server_time,
    take,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.lease import Held
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Run
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.process import runs
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._run_lock import (
    EXPIRY,
    forget,
    remember,
    remembered,
    this_run,
)


class ActionModule(KubeAction):
    keeps_lock = False
    options = {
        "state": {"type": "str", "choices": ["held", "free", "shown"], "default": "held"},
        "verb": {"type": "str", "default": ""},
        "owner": {"type": "str", "default": ""},
        "job": {"type": "str", "default": ""},
        "expiry": {"type": "int", "default": EXPIRY},
        "take_from": {"type": "str", "default": ""},
        "without_api": {"type": "bool", "default": False},
        "without_package": {"type": "bool", "default": False},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        if args["expiry"] < 1:
            raise AnsibleError(f"expiry must be at least 1 second, and is {args['expiry']}.")
        if args["state"] == "free":
            run = this_run(self.variables, args["verb"], args["owner"], args["job"])
            return self._given_back(run, args["without_api"])
        if args["state"] == "held" and not args["verb"]:
            raise AnsibleError("verb is missing: state held takes the lock for what the run does, such as install.")
        api = self._reached(args)
        if api is None:
            return _result(False, None)
        try:
            if args["state"] == "shown":
                return _result(False, look(api))
            run = this_run(self.variables, args["verb"], args["owner"], args["job"])
            return self._foreseen(api, run, args) if self.check_mode else self._taken(api, run, args)
        except NotReachable as error:
            if not args["without_api"]:
                raise
            return self._without(error)

    def _reached(self, args: dict[str, Any]) -> Api | None:
        """None where there is no API, and the run may be the one that brings it back."""
        try:
            return self.api_or_none
        except PackageMissing as error:
            if not args["without_package"]:
                self._refuse(error, args)
            else:
                self._without(error)
        except (ReportedError, AnsibleError) as error:
            if not args["without_api"]:
                raise
            self._without(error)
        return None

    def _refuse(self, error: PackageMissing, args: dict[str, Any]) -> None:
        """Unlike an API that is away, this says nothing about who else is at work on the cluster."""
        if args["state"] == "shown":
            raise error
        told = (
            f"{args['verb']} was not started, and nothing was changed: the lock that keeps other runs from the cluster"
            f" cannot be taken. {error} If you know that nobody else changes the cluster: -e mke4k_without_lock=true"
        )
        if not self.check_mode:
            raise PackageMissing(told) from error
        Display().warning(f"Without check mode: {told}")

    def _without(self, error: Exception) -> dict[str, Any]:
        Display().warning(f"Nobody keeps other runs from this cluster while this one changes it: {error}")
        return _result(False, None)

    def _taken(self, api: Api, run: Run, args: dict[str, Any]) -> dict[str, Any]:
        taken = take(api, run, args["expiry"], runs, args["take_from"])
        remember(taken.held.run, args["expiry"])
        if taken.reason:
            Display().warning(f"This run has the lock of the cluster: {taken.reason}.")
        return _result(taken.changed, taken.held)

    def _foreseen(self, api: Api, run: Run, args: dict[str, Any]) -> dict[str, Any]:
        """A run that changes nothing needs no lock, but whoever reads its plan should know that it is of the moment."""
        held = look(api)
        decision = decide(held, run, args["take_from"], runs, lambda: server_time(api))
        if held is not None and not decision.allowed:
            Display().warning(f"Without check mode: {refusal(run, held, decision, args['take_from'])}")
        mine = held is not None and run.continues(held.run)
        return _result(decision.allowed and not mine, held)

    def _given_back(self, run: Run, may_be_gone: bool) -> dict[str, Any]:
        """Never fails: what the run was for is done, and a lock that is left ends by itself, or with its cluster."""
        found = remembered()
        if found is None or found[0].verb != run.verb or self.check_mode:
            return _result(False, None)
        try:
            changed = release(self.api, run)
        except (ReportedError, AnsibleError) as error:
            if not may_be_gone:
                Display().warning(
                    f"The lock of the cluster could not be given back: {error}. Other runs from this control node may"
                    f" have it at once, those from elsewhere after {found[1]} s."
                )
            changed = False
        forget()
        return _result(changed, None)


def _result(changed: bool, held: Held | None) -> dict[str, Any]:
    return {"changed": changed, "locked": held is not None, "lock": held.to_dict() if held is not None else {}}
