# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host keeps when its k0s does not come up: all that the next run needs."""

from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.node import converge
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._k0s.converge.fakes import FakeHost

PROXY = {"HTTPS_PROXY": "http://192.0.2.1:3128"}
TOKENS = ("H4sIAAAAAAAC/a-token-that-is-revoked", "H4sIAAAAAAAC/a-token-of-the-next-run")


def test_a_start_that_fails_keeps_the_environment_and_resets_nothing(host: FakeHost) -> None:
    request = Request(host.spec(environment=PROXY), "running", joins=False)
    host.never_answers = True
    with pytest.raises(K0sError):
        converge(request, host.machine)
    written = [path for path in host.root.rglob("*") if path.is_file() and PROXY["HTTPS_PROXY"] in path.read_text()]
    assert len(written) == 1
    assert [call for call in host.calls if "reset" in call] == []
    host.never_answers = False
    converge(request, host.machine)
    assert converge(request, host.machine).changes == ()
    assert PROXY["HTTPS_PROXY"] in written[0].read_text()


def test_a_join_that_fails_keeps_no_token_and_goes_on_with_another(host: FakeHost) -> None:
    first, second = (Request(host.spec("worker"), "running", joins=True, token=token) for token in TOKENS)
    host.never_answers = True
    with pytest.raises(K0sError):
        converge(first, host.machine)
    assert not any(token in path.read_text() for path in host.root.rglob("*") if path.is_file() for token in TOKENS)
    host.never_answers = False
    host.time.on_sleep.clear()
    converge(second, host.machine)
    assert converge(second, host.machine).changes == ()
