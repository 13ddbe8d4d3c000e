# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m tests.lab.standin.mothership: an API server with a mothership that is ready for children.

Runs an etcd and a kube-apiserver on loopback and the stand-in operators, writes DIR/kubeconfig, then DIR/ready, and
ends on SIGTERM or SIGINT. Nothing of it outlives the process. With --kubeconfig the operators are those of that
cluster, which keeps what they made; it has controllers and kubelets of its own.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

import yaml

from tests.api import crds
from tests.api.bed import Bed
from tests.api.servers import kubernetes_version
from tests.lab.mke4k_lab.images import PAUSE_TAGS
from tests.lab.mke4k_lab.pause import REPOSITORY

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
        kubeconfig, words = _given(options.kubeconfig) if options.kubeconfig else _own(stack)
        path = folder / "kubeconfig"
        path.touch(mode=0o600)
        path.write_text(yaml.safe_dump(kubeconfig), encoding="utf-8")
        standin = _standin(options, path, kubeconfig)
        prepared.kinds_known(standin.api, crds.of_groups(prepared.GROUPS))
        prepared.namespaces(standin.api)
        stack.enter_context(standin)
        if options.light or options.kubeconfig:
            prepared.written(standin.api, options.version, image=f"{REPOSITORY}:{PAUSE_TAGS[0]}")
        else:
            prepared.installed(standin.api, options.version)
        prepared.admitting(standin.api)
        if not options.no_credential:
            prepared.credential(standin.api, options.keys or prepared.KEYS)
        (folder / "ready").write_text(f"{options.version}\n", encoding="utf-8")
        sys.stdout.write(f"A mothership of MKE {options.version} on {words}; kubeconfig {path}\n")
        sys.stdout.flush()
        ended.wait()
    return 0


def _own(stack: ExitStack) -> tuple[Mapping[str, Any], str]:
    bed = Bed.start()
    stack.callback(bed.stop)
    return bed.kubeconfig(), f"kube-apiserver {kubernetes_version()} at {bed.servers.url}"


def _given(path: Path) -> tuple[Mapping[str, Any], str]:
    kubeconfig: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return kubeconfig, f"the cluster at {kubeconfig['clusters'][0]['cluster']['server']}"


def _standin(options: argparse.Namespace, path: Path, kubeconfig: Mapping[str, Any]) -> Standin:
    manner = Manner(
        ready_after=options.ready_after,
        delete_after=options.delete_after,
        light=options.light,
        kubeconfig=kubeconfig,
        own_api=options.own_api,
        aws_endpoint=options.aws_endpoint,
    )
    alone = not options.kubeconfig
    return Standin(
        from_file(path),
        pace=options.pace,
        pods=alone,
        charts=alone and not options.light,
        children=manner,
        platform=alone and not options.light,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.lab.standin.mothership", description=__doc__)
    add = parser.add_argument
    add("--folder", type=Path, required=True, metavar="DIR", help="for the kubeconfig and the mark that all is ready")
    add("--kubeconfig", type=Path, metavar="FILE", help="of the cluster that is the mothership; default: one is made")
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
