# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixtures of tests that need AWS; a conftest.py imports them."""

from __future__ import annotations

from collections.abc import Iterator

import botocore.session  # type: ignore[import-untyped]
import pytest

from tests.aws.bed import Aws, running


@pytest.fixture(scope="session")
def aws_server() -> Iterator[Aws]:
    """One for all tests of this process."""
    # What boto3 knows of services is read once, and not for each client anew.
    loader = botocore.session.create_loader(None)
    with pytest.MonkeyPatch.context() as patched, running() as found:
        patched.setattr(botocore.session, "create_loader", lambda *_all: loader)
        yield found


@pytest.fixture
def aws(aws_server: Aws) -> Aws:
    """A new account without enforced permissions: `aws.reset(auth=True)` for one that asks for them."""
    aws_server.reset()
    return aws_server
