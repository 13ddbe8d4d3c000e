# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.logs import (
    component_that_keeps_ending,
    last_error,
    without_secrets,
)

INFO = 'time="2026-11-21 02:00:00" level=info msg="starting" component=etcd'
ERROR = 'time="2026-11-21 02:00:01" level=error msg="failed to \\"join\\"" component=etcd error="403 Forbidden"'
API_SERVER = 'time="x" level=info msg="Error: unknown flag: --bogus" component=kube-apiserver stream=stderr'
KUBELET = (
    r'time="x" level=info msg="E1121 03:30:32.1 99 run.go:72] \"command failed\" err=\"failed to run Kubelet: '
    r'\\\"swap\\\" is on\"" component=kubelet stream=stderr'
)


def test_a_component_keeps_ending_when_it_says_the_same_again_and_again() -> None:
    lines = [API_SERVER, INFO] * 3
    assert component_that_keeps_ending([*lines, KUBELET, ERROR]) == ""
    assert component_that_keeps_ending([*lines, API_SERVER]) == (
        "kube-apiserver has ended 4 times: Error: unknown flag: --bogus"
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], ""),
        ([INFO], ""),
        (["no log line"], ""),
        ([ERROR, API_SERVER], "kube-apiserver: Error: unknown flag: --bogus"),
        ([KUBELET], 'kubelet: failed to run Kubelet: "swap" is on'),
        ([INFO, ERROR, INFO], 'failed to "join": 403 Forbidden'),
        ([ERROR, "Error: not an embedded asset: kubelet", INFO], "Error: not an embedded asset: kubelet"),
        (["Error: first", "Error: second"], "Error: second"),
        (['time="x" level=fatal msg="no error field"', ""], "no error field"),
    ],
)
def test_the_line_that_says_why_is_found(lines: list[str], expected: str) -> None:
    assert last_error(lines) == expected


def test_a_log_line_never_shows_a_secret() -> None:
    blob = base64.b64encode(b"a join token is long" * 9).decode()
    text = f"token=abcdef.0123456789abcdef https://me:pw@proxy/ {blob} password: hunter2"
    shown = without_secrets(text)
    for secret in ("0123456789abcdef", "me:pw", blob, "hunter2"):
        assert secret not in shown
