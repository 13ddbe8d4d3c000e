# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose keys, which region, which endpoint; and what boto3's failures become."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import botocore.exceptions  # type: ignore[import-untyped]
import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws import client, errors, session
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError, Call
from ansible_collections.mke4k.core.plugins.module_utils._aws.identity import who_am_i, whose
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess, settings_of

KEYS = {"access_key": "AKIAEXAMPLE", "secret_key": "hush-secret", "session_token": "hush-token"}
IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>{}</Arn><UserId>AIDA</UserId>"
    "<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION",
                 "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "HTTP_PROXY", "http_proxy"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


class Answers:
    """A server that answers what a test says, and keeps what it was asked."""

    def __init__(self) -> None:
        self.next: List[Tuple[int, str]] = []
        self.asked: List[Dict[str, str]] = []
        answers = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                answers.asked.append(dict(self.headers.items()))
                status, text = answers.next.pop(0)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_all: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def error(self, code: str, message: str, status: int = 400) -> None:
        error = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        self.next.append((status, error))


@pytest.fixture
def answers() -> Iterator[Answers]:
    found = Answers()
    threading.Thread(target=found.server.serve_forever, args=(0.01,), daemon=True).start()
    yield found
    found.server.shutdown()
    found.server.server_close()


def access(answers: Answers, **options: Any) -> AwsAccess:
    given = {**KEYS, "region": "eu-west-1", "endpoint_url": answers.url, **options}
    return AwsAccess.of(given, {"AWS_MAX_ATTEMPTS": "1"})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"access_key": "a"}, "secret_key is empty"),
        ({"secret_key": "s"}, "access_key is empty"),
        ({"session_token": "t"}, "belongs to an access_key"),
        ({"access_key": "a", "secret_key": "s", "profile": "p"}, "Both profile and access_key"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: Dict[str, str], said: str) -> None:
    with pytest.raises(AwsError, match=said):
        settings_of(options, {})


@pytest.mark.parametrize(
    ("options", "environ", "region"),
    [
        ({"region": "eu-west-1"}, {"AWS_REGION": "us-east-1"}, "eu-west-1"),
        ({"region": ""}, {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-west-2"}, "us-east-1"),
        ({}, {"AWS_DEFAULT_REGION": "us-west-2"}, "us-west-2"),
        ({}, {}, ""),
    ],
)
def test_the_region_comes_from_the_option_then_the_environment(
    options: Dict[str, str], environ: Dict[str, str], region: str
) -> None:
    assert settings_of(options, environ).region == region


def test_the_region_of_a_profile_is_taken(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile team]\nregion = eu-north-1\n")
    assert AwsAccess.of({"profile": "team"}, {}).region == "eu-north-1"


def test_without_a_region_the_message_says_what_to_give() -> None:
    with pytest.raises(errors.NoRegion, match="Give region, or AWS_REGION"):
        AwsAccess.of(KEYS, {}).client("ec2")


def test_services_without_regions_need_none() -> None:
    assert AwsAccess.of(KEYS, {}).client("iam").region == "us-east-1"


def test_a_profile_that_is_not_there_is_named() -> None:
    with pytest.raises(errors.BadCredentials, match="nowhere"):
        AwsAccess.of({"profile": "nowhere"}, {})


def test_the_number_of_attempts_is_checked() -> None:
    assert settings_of({}, {"AWS_MAX_ATTEMPTS": "3"}).attempts == 3
    with pytest.raises(AwsError, match="AWS_MAX_ATTEMPTS"):
        settings_of({}, {"AWS_MAX_ATTEMPTS": "often"})


def test_a_client_is_made_once_for_all_threads(answers: Answers) -> None:
    found = access(answers)
    made: List[Any] = []
    threads = [threading.Thread(target=lambda: made.append(found.client("sts"))) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(each) for each in made}) == 1
    assert found.client("sts", "us-west-2") is not made[0]


def test_requests_are_counted_repetitions_included(answers: Answers) -> None:
    found = AwsAccess.of({**KEYS, "region": "x-1", "endpoint_url": answers.url}, {"AWS_MAX_ATTEMPTS": "2"})
    answers.error("ServiceUnavailable", "later", 503)
    answers.next.append((200, IDENTITY.format("arn:aws:iam::123456789012:user/me")))
    who_am_i(found)
    assert found.requests == len(answers.asked) == 2


def test_who_am_i_says_user_account_and_partition(answers: Answers) -> None:
    answers.next.append((200, IDENTITY.format("arn:aws-cn:iam::123456789012:user/team/me")))
    found = access(answers)
    who = who_am_i(found)
    assert (who.account, who.partition, who.user, who.is_role) == ("123456789012", "aws-cn", "team/me", False)
    assert found.account == "123456789012"
    assert who.to_dict()["partition"] == "aws-cn"
    assert who.principal_arn == who.arn


def test_the_keys_of_a_session_belong_to_a_role(answers: Answers) -> None:
    answers.next.append((200, IDENTITY.format("arn:aws:sts::123456789012:assumed-role/admin/me")))
    who = who_am_i(access(answers))
    assert who.principal_arn == "arn:aws:iam::123456789012:role/admin"


def test_the_account_itself_is_root(answers: Answers) -> None:
    answers.next.append((200, IDENTITY.format("arn:aws:iam::123456789012:root")))
    assert who_am_i(access(answers)).user == "root"


def test_other_keys_are_proven_the_same_way(answers: Answers) -> None:
    answers.next.append((200, IDENTITY.format("arn:aws:iam::123456789012:user/new")))
    assert whose(access(answers), "AKIANEW", "s").user == "new"
    assert "AKIANEW" in answers.asked[0]["Authorization"]
    assert "X-Amz-Security-Token" not in answers.asked[0]


def test_no_key_is_in_an_error(answers: Answers) -> None:
    answers.error("InvalidClientTokenId", "AKIAEXAMPLE hush-secret hush-token are unknown", 403)
    with pytest.raises(errors.BadCredentials) as caught:
        who_am_i(access(answers))
    for secret in KEYS.values():
        assert secret not in str(caught.value)
        assert secret not in repr(access(answers).settings)


def test_an_answer_that_is_not_of_aws_is_told(answers: Answers) -> None:
    answers.next.append((403, "<!doctype html><title>Proxy</title>"))
    with pytest.raises(errors.NotReachable, match="is not AWS"):
        who_am_i(access(answers))


def test_aws_that_does_not_answer_is_told(answers: Answers) -> None:
    with pytest.raises(errors.NotReachable, match=r"did not answer sts:GetCallerIdentity \(region eu-west-1\)"):
        who_am_i(access(answers, endpoint_url="http://127.0.0.1:1"))


def test_where_there_are_no_keys_the_message_says_where_to_put_them(answers: Answers) -> None:
    found = AwsAccess.of({"region": "eu-west-1", "endpoint_url": answers.url}, {})
    with pytest.raises(errors.BadCredentials, match="in AWX attach a credential"):
        who_am_i(found)
    assert found.source == ""


def test_keys_of_the_environment_are_used(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    answers.next.append((200, IDENTITY.format("arn:aws:iam::123456789012:user/me")))
    found = AwsAccess.of({"region": "eu-west-1", "endpoint_url": answers.url}, {})
    who_am_i(found)
    assert "AKIAENV" in answers.asked[0]["Authorization"]
    assert found.source == "env"


def test_keys_of_the_options_are_not_mixed_with_a_token_of_the_environment(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of another key")
    answers.next.append((200, IDENTITY.format("arn:aws:iam::123456789012:user/me")))
    who_am_i(access(answers, session_token=""))
    assert "X-Amz-Security-Token" not in answers.asked[0]


def test_pages_are_read_to_the_last(answers: Answers) -> None:
    page = (
        "<ListUsersResponse><ListUsersResult><Users><member><UserName>{}</UserName></member></Users>"
        "<IsTruncated>{}</IsTruncated>{}</ListUsersResult></ListUsersResponse>"
    )
    answers.next += [(200, page.format("a", "true", "<Marker>m</Marker>")), (200, page.format("b", "false", ""))]
    assert [user["UserName"] for user in access(answers).client("iam").pages("list_users", "Users")] == ["a", "b"]


def test_an_answer_without_pages_is_read_too(answers: Answers) -> None:
    answers.next.append((200, "<GetUserResponse><GetUserResult></GetUserResult></GetUserResponse>"))
    assert access(answers).client("iam").pages("get_user", "Tags", UserName="x") == []


def test_a_failure_between_pages_is_an_error_of_ours(answers: Answers) -> None:
    answers.error("AccessDenied", "no", 403)
    with pytest.raises(errors.NotAllowed) as caught:
        access(answers).client("iam").pages("list_users", "Users")
    assert caught.value.action == "iam:ListUsers"


def test_arguments_that_aws_does_not_know_are_told(answers: Answers) -> None:
    with pytest.raises(AwsError, match="iam:GetUser"):
        access(answers).client("iam").get_user(Nonsense=1)


def test_actions_of_the_tagging_service_are_named_as_in_policies(answers: Answers) -> None:
    found = access(answers).client("resourcegroupstaggingapi")
    with pytest.raises(AwsError, match="tag:GetResources"):
        found.get_resources(Nonsense=1)


def test_private_names_are_none_of_aws(answers: Answers) -> None:
    with pytest.raises(AttributeError):
        access(answers).client("iam").__deepcopy__  # noqa: B018


def test_an_endpoint_that_is_none_is_told() -> None:
    with pytest.raises(AwsError, match="not a url"):
        AwsAccess.of({**KEYS, "endpoint_url": "not a url", "region": "x-1"}, {}).client("iam")


def test_a_service_that_boto3_does_not_know_is_told(answers: Answers) -> None:
    with pytest.raises(AwsError, match="nonsense"):
        access(answers).client("nonsense")


def test_a_region_that_boto3_misses_itself_is_told() -> None:
    error = client.failure(botocore.exceptions.NoRegionError(), Call("ec2", "DescribeVpcs"))
    assert isinstance(error, errors.NoRegion)


def test_certificates_are_checked_as_the_options_say() -> None:
    assert settings_of({"validate_certs": False}, {}).validate_certs is False
    assert settings_of({"validate_certs": None}, {}).validate_certs is True
    assert settings_of({"aws_ca_bundle": "/ca.pem"}, {}).ca_bundle == "/ca.pem"


def test_without_the_package_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BOTO3_MISSING", "ImportError")
    with pytest.raises(AwsError, match="pip install boto3"):
        session.AwsAccess.of(KEYS, {})
