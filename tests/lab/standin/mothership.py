# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m tests.lab.standin.mothership: an API server with a mothership that is ready for children.

Runs an etcd and a kube-apiserver on loopback and the stand-in operators, writes DIR/kubeconfig, then DIR/ready, and
ends on SIGTERM or SIGINT. Nothing of it outlives the process.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Optional, Sequence

from tests.api.bed import Bed
from tests.api.servers import kubernetes_version

from .children import prepared
from .children.commands import Manner
from .local import Standin
from .source import from_file


def main(arguments: Optional[Sequence[str]] = None) -> int:
    options = _parser().parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ready").unlink(missing_ok=True)
    with ExitStack() as stack:
        bed = Bed.start()
        stack.callback(bed.stop)
        kubeconfig = bed.kubeconfig_file(folder).rename(folder / "kubeconfig")
        bed.load_crds(*prepared.GROUPS)
        manner = Manner(
            ready_after=options.ready_after,
            delete_after=options.delete_after,
            light=options.light,
            kubeconfig=bed.kubeconfig(),
            own_api=options.own_api,
            aws_endpoint=options.aws_endpoint,
        )
        standin = Standin(
            from_file(kubeconfig),
            pace=options.pace,
            pods=True,
            charts=not options.light,
            children=manner,
            platform=not options.light,
        )
        prepared.namespaces(standin.api)
        stack.enter_context(standin)
        prepare = prepared.written if options.light else prepared.installed
        prepare(standin.api, options.version)
        prepared.admitting(standin.api)
        if not options.no_credential:
            prepared.credential(standin.api, options.keys or prepared.KEYS)
        (folder / "ready").write_text(f"{options.version}\n", encoding="utf-8")
        sys.stdout.write(
            f"A mothership of MKE {options.version} on kube-apiserver {kubernetes_version()} at {bed.servers.url};"
            f" kubeconfig {kubeconfig}\n"
        )
        sys.stdout.flush()
        ended.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.lab.standin.mothership", description=__doc__)
    add = parser.add_argument
    add("--folder", type=Path, required=True, metavar="DIR", help="for the kubeconfig and the mark that all is ready")
    add("--aws-endpoint", default="", metavar="URL", help="an AWS in which children have their resources")
    add("--version", default=prepared.VERSION, help="of the mothership (default: %(default)s)")
    add("--light", action="store_true", help="children without objects of Cluster API, and no other operators")
    add("--pace", type=float, default=0.02, help="seconds that each component takes (default: %(default)s)")
    add("--ready-after", type=float, default=2.0, help="seconds until a child is ready (default: %(default)s)")
    add("--delete-after", type=float, default=1.0, help="seconds that a deletion takes (default: %(default)s)")
    add("--no-credential", action="store_true", help="do not make the Credential for AWS")
    add("--keys", nargs=2, metavar=("ID", "SECRET"), help="the AWS keys of that Credential (default: made up)")
    add("--own-api", action="store_true", help="kubeconfigs of children lead to this very API server")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
