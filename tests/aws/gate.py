# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before moto in its process: records calls, injects faults, writes answers as AWS does, takes orders.

Orders are requests below /_bed, which need no signature.
"""

from __future__ import annotations

import io
import json
import threading
import time
from collections import deque
from dataclasses import asdict
from typing import Any, Callable, Deque, Dict, Iterable, List, Mapping, Tuple

import moto.settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.models import AWSManagedPolicy, iam_backends
from moto.moto_api._internal.models import moto_api_backend

from tests.aws.faults import Asked, Fault, body_of, code_of, fault_of, first, repaired
from tests.aws.quotas import set_quotas

ACCOUNT = "123456789012"
ADMIN = "bed-admin"
POLICIES_OF_AWS = ("AmazonEKSClusterPolicy", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy")
KEPT_CALLS = 200_000
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
Answer = Tuple[int, List[Tuple[str, str]], bytes]


class Gate:
    """A WSGI application around the one of moto."""

    def __init__(self, moto_application: Callable[..., Iterable[bytes]]) -> None:
        self._moto = moto_application
        self._lock = threading.Lock()
        self._faults: List[Fault] = []
        self._calls: Deque[Dict[str, Any]] = deque(maxlen=KEPT_CALLS)
        self.admin = self.reset({})

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = str(environ.get("PATH_INFO", ""))
        if path.startswith("/_bed/"):
            status, headers, data = self._ordered(environ["REQUEST_METHOD"], path[len("/_bed/") :], body)
        else:
            environ["wsgi.input"] = io.BytesIO(body)
            status, headers, data = self._answered(environ, path, body)
        start_response(f"{status} {'OK' if status < 400 else 'Error'}", headers)
        return [data]

    def reset(self, order: Mapping[str, Any]) -> Dict[str, str]:
        """Everything as in a new account. `auth`: whether permissions are asked for; `quotas`: other than AWS's."""
        with self._lock:
            self._faults.clear()
            self._calls.clear()
        self._enforce(on=False)
        moto_api_backend.reset()
        set_quotas(order.get("quotas") or {})
        iam = iam_backends[ACCOUNT]["aws"]
        iam.create_user("us-east-1", ADMIN)
        iam.put_user_policy(ADMIN, "everything", json.dumps(_EVERYTHING))
        _add_policies_of_aws(iam)
        key = iam.create_access_key(ADMIN)
        self._enforce(on=bool(order.get("auth")))
        self.admin = {"access_key": str(key.access_key_id), "secret_key": str(key.secret_access_key)}
        return self.admin

    def _answered(self, environ: Dict[str, Any], path: str, body: bytes) -> Answer:
        headers = {
            name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")
        }
        asked = Asked.of(environ["REQUEST_METHOD"], path, headers, body)
        with self._lock:
            fault = first(self._faults, asked)
        if fault and fault.delay:
            time.sleep(fault.delay)
        if fault and fault.code:
            data, kind = body_of(asked, fault.code, fault.message or fault.code)
            answer: Answer = (fault.status, [("Content-Type", kind), ("x-amzn-errortype", fault.code)], data)
        else:
            answer = self._from_moto(environ, asked)
        self._record(asked, answer, injected=bool(fault and fault.code))
        return answer

    def _from_moto(self, environ: Dict[str, Any], asked: Asked) -> Answer:
        started: List[Any] = []
        chunks = self._moto(environ, lambda status, headers, *_info: started.extend((status, headers)))
        data = b"".join(chunks)
        status = int(str(started[0]).split()[0])
        data, kind = repaired(asked, status, data)
        drop = ("content-length", "connection", *(("content-type", "x-amzn-errortype") if kind else ()))
        headers = [(name, value) for name, value in started[1] if name.lower() not in drop]
        if kind:
            headers.append(("Content-Type", kind))
        return status, [*headers, ("Content-Length", str(len(data)))], data

    def _record(self, asked: Asked, answer: Answer, *, injected: bool) -> None:
        status, _headers, data = answer
        entry = {**asdict(asked), "action": asked.action, "status": status, "injected": injected, "time": time.time()}
        entry["code"] = code_of(data) if status >= 300 else ""
        with self._lock:
            self._calls.append(entry)

    def _ordered(self, method: str, order: str, body: bytes) -> Answer:
        given = json.loads(body or b"null")
        if order == "reset":
            return _json(self.reset(given or {}))
        if order == "auth":
            self._enforce(on=bool(given))
        elif order == "quotas":
            set_quotas(given)
        elif order in ("calls", "faults") and method == "GET":
            with self._lock:
                return _json(list(self._calls) if order == "calls" else [asdict(each) for each in self._faults])
        elif order == "calls":
            self._calls.clear()
        elif order == "faults":
            with self._lock:
                self._faults = ([*self._faults] if method == "POST" else []) + [fault_of(each) for each in given]
        else:
            return _json({"error": f"unknown order {order}"}, 404)
        return _json({})

    def _enforce(self, *, on: bool) -> None:
        ActionAuthenticatorMixin.request_count = 0
        moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = 0.0 if on else float("inf")


def _add_policies_of_aws(iam: Any) -> None:
    """Those that roles for EKS have; moto could load all thousand of them."""
    managed: Any = AWSManagedPolicy
    for name in POLICIES_OF_AWS:
        document = json.dumps({"Version": "2012-10-17", "Statement": []})
        policy = managed(name, account_id=ACCOUNT, region="us-east-1", document=document, path="/")
        iam.managed_policies[policy.arn] = policy


def _json(value: Any, status: int = 200) -> Answer:
    data = json.dumps(value).encode()
    return status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))], data
