# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build what the bed runs, before a test has to wait for it, and say what that is."""

from __future__ import annotations

import sys

from tests.api import controllers
from tests.api.crds import from_modules, real
from tests.api.servers import PROGRAMS, kubernetes_version
from tests.lab.mke4k_lab.errors import LabError
from tests.lab.mke4k_lab.k0s import DEFAULT_VERSION
from tests.lab.mke4k_lab.paths import cache_root
from tests.lab.mke4k_lab.tools import ETCD, ensure_programs, pinned_version


def main() -> int:
    try:
        ensure_programs(cache_root(), (*PROGRAMS, *controllers.PROGRAMS), DEFAULT_VERSION)
    except LabError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    definitions = "our minimal CRDs"
    if real():
        definitions = f"the projects' own CRDs ({len(real())})"
    elif from_modules():
        definitions += f", the projects' own ones of Cluster API ({len(from_modules())})"
    sys.stdout.write(
        f"kube-apiserver {kubernetes_version()} and etcd {pinned_version(ETCD)} on loopback, {definitions}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
