# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of k0s: stopped, disabled and removed.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from typing import Dict, List

from ansible_collections.mke4k.core.plugins.module_utils._k0s import environment
from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import Change
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import files
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.service import Service, Systemd, service_for
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.host import Host, Part
from ansible_collections.mke4k.core.plugins.module_utils._k0s.reset.target import SERVICES, Remain

_ASK, _CHANGE = 10.0, 60.0
# k0s ends its components one after another, and etcd waits for a quorum that a reset cluster no longer has. Nothing
# that it could still write is of use.
STOP_PATIENCE = 0.5
_PAUSE = 0.1
_STOPPED = ("inactive", "failed")


class Services(Part):
    """Both services: a host may have had the other role before."""

    vital = True

    def find(self, host: Host) -> List[Change]:
        known = _known(host)
        return [
            Change("stop", name, "is stopped, disabled and removed")
            for name in SERVICES
            if name in known or _traces(service_for(name, host.paths))
        ]

    def clear(self, host: Host) -> None:
        for change in self.find(host):
            _remove(service_for(change.target, host.paths), host)

    def goes_with_reboot(self, change: Change) -> bool:
        del change
        return False

    def notes(self, host: Host) -> List[Remain]:
        services = [service_for(name, host.paths) for name in SERVICES]
        folders = [f"{item.unit_path}.d" for item in services if os.path.isdir(f"{item.unit_path}.d")]
        return [
            Remain(
                "folder", path, "has drop-ins that this collection did not write; remove them if they are not needed"
            )
            for path in folders
        ]


def _known(host: Host) -> Dict[str, str]:
    """The services that systemd has in memory, though their files may be gone, and how they are."""
    if not os.path.isdir(host.paths.systemd_running):
        return {}
    names = [f"{name}.service" for name in SERVICES]
    result = host.run(["systemctl", "show", "--property=Id,ActiveState,LoadState", *names], _ASK, "")
    if not result.out.strip():
        raise K0sError(
            f"systemd did not tell whether k0s runs: `{result.line}` failed with {result.rc}: {result.complaint}. "
            "Look at systemd on this host, or boot it"
        )
    found: Dict[str, str] = {}
    for block in result.out.split("\n\n"):
        values = dict(line.partition("=")[::2] for line in block.splitlines())
        state = values.get("ActiveState", "")
        if values.get("Id") and (state not in ("", "inactive") or values.get("LoadState") == "loaded"):
            found[values["Id"][: -len(".service")]] = state
    return found


def _links(service: Service) -> List[str]:
    """What an enabled unit leaves where its file was removed by hand."""
    folder = os.path.dirname(service.unit_path)
    names = os.listdir(folder) if isinstance(service, Systemd) and os.path.isdir(folder) else []
    links = [os.path.join(folder, name, f"{service.name}.service") for name in names if name.endswith(".wants")]
    return [path for path in links if os.path.islink(path)]


def _traces(service: Service) -> List[str]:
    paths = [service.unit_path, *_links(service)]
    if isinstance(service, Systemd):
        paths.append(os.path.join(f"{service.unit_path}.d", environment.DROP_IN_NAME))
    return [path for path in paths if os.path.lexists(path)]


def _remove(service: Service, host: Host) -> None:
    if isinstance(service, Systemd):
        _stop(service, host)
    elif os.path.lexists(service.unit_path):
        result = host.run(["rc-service", service.name, "stop"], _CHANGE, "")
        if result.rc != 0:
            host.complain("stop", service.name, f"`{result.line}` failed: {result.complaint}")
        host.run(["rc-update", "delete", "--all", service.name], _ASK, "")
    for path in [service.unit_path, *_links(service)]:
        files.remove(path)
    service.remove_extras()
    if isinstance(service, Systemd):
        host.run(["systemctl", "daemon-reload"], _CHANGE, "")
        host.run(["systemctl", "reset-failed", f"{service.name}.service"], _ASK, "")


def _stop(service: Systemd, host: Host) -> None:
    """Asks k0s to end and, after a while, ends it: a stop is queued first, so that it is not started again."""
    unit = f"{service.name}.service"
    queued = host.run(["systemctl", "stop", "--no-block", unit], _CHANGE, "")
    end = host.clock.now() + min(STOP_PATIENCE, host.target.grace)
    while _known(host).get(service.name, "inactive") not in _STOPPED:
        if host.clock.now() >= end:
            host.run(["systemctl", "kill", "--signal=SIGKILL", unit], _ASK, "")
            stopped = host.run(["systemctl", "stop", unit], _CHANGE, "")
            if stopped.rc != 0:
                host.complain("stop", service.name, f"`{stopped.line}` failed: {stopped.complaint}")
            return
        host.clock.sleep(_PAUSE)
    if queued.rc not in (0, 5):  # 5: there is no such unit any more
        host.complain("stop", service.name, f"`{queued.line}` failed: {queued.complaint}")
