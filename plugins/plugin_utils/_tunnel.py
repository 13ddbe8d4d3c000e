# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A port of the control node behind which, over the SSH connection of a task, is an address that only the host reaches.

Every connection to the port becomes an `ssh -W` with the very arguments of Ansible's own connection plugin, so
bastions, keys, other ports and users work as they do for tasks. Nothing is installed or started on the host.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import threading
from types import TracebackType
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.text.converters import to_text

SSH_PLUGINS = ("ssh", "ansible.builtin.ssh")


def can_tunnel(connection: Any) -> bool:
    return getattr(connection, "ansible_name", "") in SSH_PLUGINS or getattr(connection, "transport", "") == "ssh"


def tunnel_command(connection: Any, target: str) -> list[bytes]:
    """The command whose standard input and output are a connection to the target (`host:port`)."""
    executable = connection.get_option("ssh_executable")
    command = list(connection._build_command(executable, "ssh", "-W", target, connection.host))
    if command and os.path.basename(command[0]) == b"sshpass":
        # A password can only be given to the first connection. That one persists, and others go through it.
        command = command[2:]
        for end in getattr(connection, "sshpass_pipe", None) or ():
            os.close(end)
    # What ssh tells at -vvv would go into the stream's messages.
    return [part for part in command if not (part.startswith(b"-v") and not part.strip(b"-v"))]


class Tunnel:
    def __init__(self, command: list[bytes], host: str, target: str) -> None:
        self._command = command
        self._host = host
        self._target = target
        self._listener = socket.socket()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._closing = threading.Event()
        self._messages = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the tunnel
        self._thread = threading.Thread(target=self._accept, name=f"tunnel to {target}", daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Tunnel:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(32)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        # Wakes accept(); closing alone does not on Linux.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        for process in self._processes:
            process.wait()
        self._messages.close()

    def explain(self) -> str:
        """What ssh said, for the message of an API that could not be reached."""
        self._messages.seek(0)
        said = to_text(self._messages.read()[-2000:], errors="surrogate_or_replace").strip()
        way = f"through the SSH connection to {self._host}, to {self._target} as that host sees it"
        return f"{way}; ssh said: {said}" if said else way

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                accepted, _address = self._listener.accept()
            except OSError:
                return
            with accepted:
                self._start(accepted)

    def _start(self, accepted: socket.socket) -> None:
        process = subprocess.Popen(
            self._command, stdin=accepted.fileno(), stdout=accepted.fileno(), stderr=self._messages.fileno()
        )
        self._processes = [other for other in self._processes if other.poll() is None]
        self._processes.append(process)


def open_tunnel(connection: Any, target: str) -> Tunnel:
    if not can_tunnel(connection):
        name = getattr(connection, "ansible_name", "") or getattr(connection, "transport", "")
        raise AnsibleError(
            f"The API cannot be reached through the Ansible connection {name}: only ssh can carry it. Give a kubeconfig"
            " whose server the control node reaches (access: direct), or connect to the controller with ssh."
        )
    host = str(getattr(connection, "host", "") or connection._play_context.remote_addr)
    return Tunnel(tunnel_command(connection, target), host, target)
