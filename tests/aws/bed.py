# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS of the tests' own: moto in a process, with quotas, permissions, and faults on demand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0
END_SECONDS = 120.0
ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Keys:
    """Keys of a user."""

    access_key: str
    secret_key: str
    user: str = ""

    @property
    def options(self) -> Dict[str, str]:
        """As the options of actions."""
        return {"access_key": self.access_key, "secret_key": self.secret_key}

    @property
    def environment(self) -> Dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key}


class Faults:
    """What is to go wrong. Actions are named as in policies, with wildcards: ec2, elasticloadbalancing, tag, iam."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def expect(self, service: str, operation: str, code: str, message: str = "", times: int = -1, **more: Any) -> None:
        """The next `times` (-1: all) such calls fail. More: status, after, region, key, contains."""
        fault = {"action": f"{service}:{operation}", "code": code, "message": message, "times": times, **more}
        self._aws.order("POST", "faults", [fault])

    def deny(self, *actions: str, region: str = "", times: int = -1) -> None:
        """These actions are not permitted, whatever policies say."""
        for action in actions:
            service = action.partition(":")[0]
            code = "UnauthorizedOperation" if service == "ec2" else "AccessDenied"
            message = (
                f"User: arn:aws:iam::{ACCOUNT}:user/tester is not authorized to perform: {action} because no"
                f" identity-based policy allows the {action} action"
            )
            if service == "ec2":
                message = f"You are not authorized to perform this operation. {message}."
            status = 403
            fault = {"action": action, "code": code, "message": message, "status": status}
            self._aws.order("POST", "faults", [{**fault, "region": region, "times": times}])

    def delay(self, action: str, seconds: float, times: int = -1) -> None:
        self._aws.order("POST", "faults", [{"action": action, "delay": seconds, "times": times}])

    def clear(self) -> None:
        self._aws.order("PUT", "faults", [])


class Aws:
    """A running one."""

    def __init__(self, url: str, admin: Keys, process: Optional[subprocess.Popen[bytes]] = None) -> None:
        self.url = url
        self.admin = admin
        self.faults = Faults(self)
        self._process = process

    @classmethod
    def start(cls, folder: Path, *arguments: str) -> Aws:
        """A process of its own, which writes aws.json into the folder."""
        found, log = folder / "aws.json", folder / "aws.log"
        folder.mkdir(parents=True, exist_ok=True)
        found.unlink(missing_ok=True)
        argv = [sys.executable, "-m", "tests.aws", "--folder", str(folder), *arguments]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        with log.open("wb") as stream:
            process = subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=stream, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_SECONDS
        while not found.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise RuntimeError(f"The simulated AWS did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        return cls.attach(folder, process)

    @classmethod
    def attach(cls, folder: Path, process: Optional[subprocess.Popen[bytes]] = None) -> Aws:
        """One that somebody else has started with this folder."""
        given = json.loads((folder / "aws.json").read_text())
        return cls(given["url"], Keys(given["access_key"], given["secret_key"]), process)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(END_SECONDS)

    def reset(self, *, auth: bool = False, quotas: Optional[Mapping[str, float]] = None) -> Keys:
        """Everything as in a new account; keys of before are unknown. Quotas are AWS's, but for those given."""
        given = self.order("POST", "reset", {"auth": auth, "quotas": dict(quotas or {})})
        self.admin = Keys(given["access_key"], given["secret_key"])
        return self.admin

    def auth(self, *, on: bool) -> None:
        """Whether permissions are asked for. Without, everybody may do everything."""
        self.order("PUT", "auth", on)

    def quotas(self, values: Mapping[str, float]) -> None:
        """Other quotas than those of a new account: for what Service Quotas says, and for what is refused."""
        self.order("PUT", "quotas", dict(values))

    @property
    def admin_keys(self) -> Keys:
        return self.admin

    @property
    def calls(self) -> List[Dict[str, Any]]:
        """Every call since the last reset: service, operation, action, region, key, arguments, status, code, ..."""
        return list(self.order("GET", "calls"))

    def actions(self, *, changing: bool = False) -> List[str]:
        """The actions that were called, in their order; only those that change something where asked."""
        reads = ("Get", "List", "Describe", "Simulate")
        found = [call["action"] for call in self.calls]
        return [each for each in found if not changing or not each.partition(":")[2].startswith(reads)]

    def forget_calls(self) -> None:
        self.order("DELETE", "calls")

    def client(self, service: str, region: str = "us-east-1", keys: Optional[Keys] = None) -> Any:
        """A client of boto3 that repeats nothing."""
        keys = keys or self.admin
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=keys.secret_key,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def user_with(self, policies: Sequence[str] = (), *, actions: Sequence[str] = (), name: str = "") -> Keys:
        """Keys of a new user with these managed policies (ARNs), and permission for these actions."""
        iam = self.client("iam")
        name = name or f"user-{len(iam.list_users()['Users'])}"
        iam.create_user(UserName=name)
        for arn in policies:
            iam.attach_user_policy(UserName=name, PolicyArn=arn)
        if actions:
            statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam.put_user_policy(UserName=name, PolicyName="actions", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Keys(key["AccessKeyId"], key["SecretAccessKey"], name)

    def environment(self, keys: Optional[Keys] = None, region: str = "us-east-1") -> Dict[str, str]:
        """What programs of AWS need to come here."""
        return {
            **(keys or self.admin).environment,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }

    def order(self, method: str, name: str, given: Any = None) -> Any:
        """What only this AWS understands."""
        data = None if given is None else json.dumps(given).encode()
        request = urllib.request.Request(f"{self.url}/_bed/{name}", data=data, method=method)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read())


@contextmanager
def running(*arguments: str) -> Iterator[Aws]:
    """One for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="mke4k-aws-") as folder:
        aws = Aws.start(Path(folder), *arguments)
        try:
            yield aws
        finally:
            aws.stop()
