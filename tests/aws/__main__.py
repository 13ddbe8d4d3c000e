# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the simulated AWS until SIGTERM.

    python -m tests.aws [--port P] [--folder DIR] [--auth] [--quota L-0263D0A3=100]

DIR/aws.json then has the url and the keys of an administrator; it is written when requests are answered.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import List

from tests.aws.images import images


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.aws")
    parser.add_argument("--host", default="127.0.0.1", help="the address it listens on")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--folder", type=Path, help="where aws.json is written")
    parser.add_argument("--auth", action="store_true", help="ask for permissions from the start")
    parser.add_argument("--quota", action="append", default=[], metavar="CODE=VALUE", help="another than AWS's own")
    options = parser.parse_args(arguments)
    quotas = dict(each.split("=", 1) for each in options.quota)
    with tempfile.TemporaryDirectory(prefix="mke4k-aws-") as folder:
        _prepare(Path(folder))
        # moto reads its settings when it is imported.
        from tests.aws.server import serve  # noqa: PLC0415

        server, gate = serve(options.host, options.port)
        gate.reset({"auth": options.auth, "quotas": quotas})
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_all: ended.set())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = {"url": f"http://{options.host}:{server.server_port}", "pid": os.getpid(), **gate.admin}
        if options.folder:
            _write(options.folder / "aws.json", found)
        print(json.dumps(found), flush=True)
        ended.wait()
        server.shutdown()
    return 0


def _prepare(folder: Path) -> None:
    (folder / "images.json").write_text(json.dumps(images()))
    os.environ.update(
        MOTO_AMIS_PATH=str(folder / "images.json"),
        MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION="true",
        MOTO_ENABLE_AMI_VALIDATION="true",
        MOTO_ENABLE_KEYPAIR_VALIDATION="true",
    )


def _write(path: Path, found: object) -> None:
    """In one step: whoever waits for the file reads all of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(found, indent=2) + "\n")
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
