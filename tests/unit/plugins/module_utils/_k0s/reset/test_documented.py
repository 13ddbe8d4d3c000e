# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reset leaves is documented as data, which the scenario reset-clean reads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[6]
STAYS = yaml.safe_load((ROOT / "docs" / "reset-stays.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", STAYS, ids=lambda entry: str(entry["what"])[:40])
def test_everything_that_stays_says_why_and_until_when(entry: dict[str, Any]) -> None:
    assert set(entry) == {"what", "why", "until", "matches"}
    assert all(entry[name].strip() for name in ("what", "why", "until"))
    assert all(re.compile(pattern) for pattern in entry["matches"])


@pytest.mark.parametrize(
    "difference",
    [
        "files: new: /etc/k0s/k0s.yaml -rw------- 0:0",
        "files: new: /var/lib/k0s drwxr-xr-x 0:0",
        "files: gone: /opt/mine/file -rw-r--r-- 0:0",
        "files: new: /run/k0s drwxr-xr-x 0:0",
        "links: new: cni0",
        "units: new: k0sworker.service enabled enabled",
        "users: new: etcd:x:997:996::/var/lib/k0s:/usr/sbin/nologin",
        "rules: new: iptables-nft-save *filter :KUBE-FIREWALL -",
        "cgroups: new: cpu/kubepods",
        "settings: new: net/ipv6/conf/all/forwarding = 1",
        "processes: new: containerd-shim",
    ],
)
def test_nothing_of_k0s_is_among_it(difference: str) -> None:
    patterns = [pattern for entry in STAYS for pattern in entry["matches"]]
    assert not any(re.match(pattern, difference) for pattern in patterns)
