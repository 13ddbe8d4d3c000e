# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where moto (5.2) differs from AWS in IAM. For the process of the server only."""

from __future__ import annotations

from typing import Any, Callable

from moto.core.responses import ActionResult, EmptyResult
from moto.iam import access_control
from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from tests.aws.replace import replace
from tests.aws.simulate import add_simulation


def repair_iam() -> None:
    """Repair it all, once a process."""
    _name_the_tagging_service_as_policies_do()
    _refuse_removal_of_policies_and_users_in_use()
    _bound_users()
    add_simulation()


def _name_the_tagging_service_as_policies_do() -> None:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def permitted(self: Any, resource: str) -> None:
            service, _colon, action = self._action.partition(":")
            self._action = f"{'tag' if service == 'tagging' else service}:{action}"
            original(self, resource)

        return permitted

    replace(access_control.IAMRequestBase, "check_action_permitted", make)


def _refuse_removal_of_policies_and_users_in_use() -> None:
    def policy(original: Callable[..., Any]) -> Callable[..., Any]:
        def delete(self: Any, policy_arn: str) -> Any:
            found = self.get_policy(policy_arn)
            if found.attachment_count:
                raise DeleteConflictException("Cannot delete a policy attached to entities.")
            if len(found.versions) > 1:
                raise DeleteConflictException(
                    "This policy has more than one version. Before you delete a policy, you must delete the policy's"
                    " versions. The default version is deleted with the policy."
                )
            return original(self, policy_arn)

        return delete

    def user(original: Callable[..., Any]) -> Callable[..., Any]:
        def delete(self: Any, user_name: str) -> Any:
            if self.get_user(user_name).access_keys:
                raise DeleteConflictException("Cannot delete entity, must delete access keys first.")
            return original(self, user_name)

        return delete

    replace(IAMBackend, "delete_policy", policy)
    replace(IAMBackend, "delete_user", user)


def _bound_users() -> None:
    """Permissions boundaries of users, which moto only shows and keeps for roles."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def create(self: Any) -> ActionResult:
            answer: ActionResult = original(self)
            _bind(self)
            return answer

        return create

    def put(self: Any) -> ActionResult:
        _bind(self)
        return EmptyResult()

    replace(IamResponse, "create_user", make)
    responses: Any = IamResponse
    responses.put_user_permissions_boundary = put


def _bind(response: Any) -> None:
    arn = response._get_param("PermissionsBoundary")
    if arn:
        bound = {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn}
        response.backend.get_user(response._get_param("UserName")).permissions_boundary = bound
