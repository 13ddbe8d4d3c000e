# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An empty account of AWS in this process, as tests of actions want it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import botocore.session  # type: ignore[import-untyped]
import pytest
from moto import mock_aws
from moto.ec2.models import amis

from tests.aws.images import images

# What boto3 knows of services, read once.
LOADER = botocore.session.create_loader(None)


@contextmanager
def empty_account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It has few images: moto's own ones are thousands, which would be made anew for each test."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr(botocore.session, "create_loader", lambda *_all: LOADER)
    monkeypatch.setenv("MOTO_AMIS_PATH", "tests/aws/images.py")
    monkeypatch.setattr(amis, "AMIS", images())
    with mock_aws():
        yield
