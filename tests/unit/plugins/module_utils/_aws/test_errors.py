# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read when AWS says no."""

from __future__ import annotations

from typing import Type

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws import errors
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, Call, aws_error_code, refusal

CALL = Call("ec2", "CreateVpc", "eu-west-1", "123456789012")


@pytest.mark.parametrize(
    ("code", "kind", "remedy"),
    [
        ("UnauthorizedOperation", errors.NotAllowed, "Allow the action ec2:CreateVpc"),
        ("AccessDenied", errors.NotAllowed, "Allow the action ec2:CreateVpc"),
        ("AuthFailure", errors.BadCredentials, "check access_key and secret_key"),
        ("InvalidClientTokenId", errors.BadCredentials, "check access_key and secret_key"),
        ("ExpiredToken", errors.Expired, "get fresh keys"),
        ("RequestExpired", errors.Expired, "compare the clock"),
        ("RequestLimitExceeded", errors.Throttled, "run again later"),
        ("DependencyViolation", errors.InUse, "Remove what depends on it first"),
        ("EntityAlreadyExists", errors.AlreadyThere, "Choose another name"),
        ("NoSuchEntity", errors.Missing, ""),
        ("InvalidVpcID.NotFound", errors.Missing, ""),
        ("OptInRequired", AwsError, "enable it in the account's settings"),
        ("SomethingNew", AwsError, ""),
    ],
)
def test_each_code_has_its_kind_and_remedy(code: str, kind: Type[AwsError], remedy: str) -> None:
    error = refusal(code, "what AWS says.", CALL, 400)
    assert error.__class__ is kind
    assert str(error).startswith(
        f"AWS refused ec2:CreateVpc (account 123456789012, region eu-west-1): {code}: what AWS says."
    )
    assert remedy in str(error)
    assert aws_error_code(error) == error.report()["code"] == code


def test_expired_keys_are_bad_ones_too() -> None:
    assert issubclass(errors.Expired, errors.BadCredentials)


def test_what_no_person_reads_is_left_out() -> None:
    encoded = "You are not authorized. Encoded authorization failure message: kHfx93kd83HHd"
    assert "kHfx93kd83HHd" not in str(refusal("UnauthorizedOperation", encoded, CALL))


def test_the_signed_request_with_its_session_token_is_not_shown() -> None:
    text = (
        "The request signature we calculated does not match.\n\nThe Canonical String for this request should be\n"
        "'POST\n/\nx-amz-security-token:hushhush\n'\n\nThe String-to-Sign should have been 'AWS4-HMAC-SHA256'"
    )
    shown = str(refusal("SignatureDoesNotMatch", text, CALL))
    assert "hushhush" not in shown
    assert "does not match" in shown


def test_a_call_without_account_and_region_names_neither() -> None:
    assert "(" not in Call("iam", "GetRole").place


def test_other_errors_have_no_code() -> None:
    assert aws_error_code(ValueError("x")) == ""
    assert "code" not in AwsError("no answer").report()
