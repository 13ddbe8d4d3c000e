# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto, repaired, behind the gate. To be imported after moto's settings are in the environment."""

from __future__ import annotations

import logging
from typing import Tuple

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from tests.aws.gate import Gate
from tests.aws.quotas import add_quotas
from tests.aws.repairs import repair


class QuietHandler(MotoRequestHandler):
    """Keeps connections open, and logs only what breaks: the gate records every call."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_all: object) -> None:
        """Say nothing."""


def serve(host: str, port: int) -> Tuple[BaseWSGIServer, Gate]:
    """A server that answers once its serve_forever runs."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    repair()
    add_quotas()
    gate = Gate(DomainDispatcherApplication(create_backend_app))
    return make_server(host, port, gate, threaded=True, request_handler=QuietHandler), gate
