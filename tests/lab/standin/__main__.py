# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m tests.lab.standin: the stand-in operators of one cluster, until SIGTERM or SIGINT.

They wait for the cluster to come, and follow it from one controller to the next.
"""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from typing import Callable, List, Optional, Sequence

from .hosts import Host, hosts_below, lab_hosts
from .local import Standin
from .runtime import to_stderr
from .source import from_file, from_hosts


def main(arguments: Optional[Sequence[str]] = None) -> int:
    options = _parser().parse_args(arguments)
    hosts = _hosts(options.lab_run, options.hosts_root)
    source = from_file(options.kubeconfig) if options.kubeconfig else from_hosts(hosts)
    standin = Standin(source, hosts=hosts, pace=options.pace, pods=options.pods, charts=options.charts)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    to_stderr("stand-in operators: waiting for the cluster")
    with standin:
        ended.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.lab.standin", description=__doc__)
    add = parser.add_argument
    add("--kubeconfig", type=Path, help="of an administrator; default: the admin kubeconfig of a controller's disk")
    add(
        "--lab",
        "--lab-run",
        dest="lab_run",
        type=Path,
        metavar="DIR",
        help="the run folder of a lab (with hosts.json), read again and again",
    )
    add("--hosts-root", type=Path, nargs="*", default=[], metavar="DIR", help="folders of hosts, named as their Nodes")
    add("--pace", type=float, default=0.3, help="seconds that each component takes (default: %(default)s)")
    add("--pods", action="store_true", help="mark workloads ready: nobody runs pods there")
    add("--charts", action="store_true", help="play k0s' chart controller too")
    return parser


def _hosts(lab_run: Optional[Path], roots: List[Path]) -> Callable[[], Sequence[Host]]:
    def found() -> Sequence[Host]:
        return lab_hosts(lab_run) if lab_run is not None else hosts_below(roots)

    return found


if __name__ == "__main__":
    raise SystemExit(main())
