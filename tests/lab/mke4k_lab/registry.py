# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's OCI registry: TLS by a CA of its own, a password, and the charts and images that the tests install."""

from __future__ import annotations

import json
import time
from typing import Dict, Optional

import yaml

from . import charts, images, network, services, tools
from .errors import LabError
from .files import remove, write_atomically
from .k0s import Choice
from .oci import Registry
from .paths import LabPaths
from .plan import GATEWAY, REGISTRY_PORT, RegistryPlan
from .run import run

SERVICE = "registry"
HOST = f"{GATEWAY}:{REGISTRY_PORT}"
USERNAME = "mke4k"
PASSWORD = "labregistry"
READY_SECONDS = 20


def start(paths: LabPaths, plan: RegistryPlan, choice: Choice) -> None:
    """Starts the registry, fills it and makes it known in registry.json."""
    program = tools.ensure_own(paths.cache, "registry")
    if not (paths.registry / "ca.crt").exists():
        paths.registry.mkdir(parents=True, exist_ok=True)
        command = [str(program), "prepare", str(paths.registry), GATEWAY, USERNAME, PASSWORD]
        run(command, what="Making the registry's certificates")
    content = yaml.safe_dump(configuration(paths, plan), sort_keys=False)
    config = paths.registry / "config.yml"
    if not config.exists() or config.read_text(encoding="utf-8") != content:
        services.stop(paths, SERVICE)
        write_atomically(config, content)
    # Without the variable it would report its traces to a collector that is not there.
    env = {"OTEL_TRACES_EXPORTER": "none"}
    services.start(paths, SERVICE, [str(program), "serve", str(config)], env=env, cwd=paths.registry)
    _wait(paths)
    fill(paths, choice)
    write_atomically(paths.registry_json, json.dumps(description(paths, plan), indent=1) + "\n")


def fill(paths: LabPaths, choice: Choice) -> None:
    """Puts the charts and images there that the tests install; what is there already costs a question each."""
    made = {name: image.artifact() for name, image in images.ensure(paths.cache, choice).items()}
    with network.joined(paths.name), client(paths) as registry:
        for chart in charts.all_charts():
            registry.push(chart.repository, chart.tag, charts.artifact(chart))
        for named in images.wanted(choice):
            registry.push(named.repository, named.tag, made[named.image])


def stop(paths: LabPaths) -> None:
    """Ends the registry; what is in it stays for the next start."""
    services.stop(paths, SERVICE)


def forget(paths: LabPaths) -> None:
    """Ends the registry and removes what is in it."""
    stop(paths)
    remove(paths.registry)
    remove(paths.registry_json)


def client(paths: LabPaths) -> Registry:
    """For use inside `network.joined`."""
    return Registry(HOST, paths.registry / "ca.crt", USERNAME, PASSWORD)


def status(paths: LabPaths) -> Dict[str, object]:
    """registry.json and whether it runs; empty when the lab has no registry."""
    if not paths.registry_json.exists():
        return {}
    told: Dict[str, object] = json.loads(paths.registry_json.read_text(encoding="utf-8"))
    return {**told, "running": services.running(paths, SERVICE) is not None}


def description(paths: LabPaths, plan: RegistryPlan) -> Dict[str, object]:
    """What a user of the registry has to know."""
    return {
        "host": HOST,
        "ca": str(paths.registry / "ca.crt"),
        "username": USERNAME,
        "password": PASSWORD,
        "anonymous_pull": plan.anonymous,
        "charts": f"oci://{HOST}/mke",
        "images": f"{HOST}/mke",
        "k0rdent_chart": f"oci://{HOST}/k0rdent-enterprise/charts/k0rdent-enterprise",
        "probe_image": f"{HOST}/mke/{images.AGNHOST}:{images.AGNHOST_TAG}",
        "log": str(services.log_file(paths, SERVICE)),
    }


def configuration(paths: LabPaths, plan: RegistryPlan) -> Dict[str, object]:
    """The registry's own file of settings."""
    folder = paths.registry
    access = {"realm": "mke4k lab", "path": str(folder / "htpasswd")}
    return {
        "version": 0.1,
        "log": {"level": "warn"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}, "delete": {"enabled": True}},
        "auth": {"freepull" if plan.anonymous else "htpasswd": access},
        "http": {
            "addr": HOST,
            "secret": "of no use to anybody",
            "tls": {"certificate": str(folder / "tls.crt"), "key": str(folder / "tls.key")},
        },
    }


def _wait(paths: LabPaths) -> None:
    end = time.monotonic() + READY_SECONDS
    refused: Optional[LabError] = None
    while time.monotonic() < end and services.running(paths, SERVICE) is not None:
        try:
            with network.joined(paths.name), client(paths) as registry:
                registry.ping()
                return
        except LabError as error:
            refused = error
        time.sleep(0.05)
    raise LabError(f"The lab's registry does not answer ({refused}): {services.last_words(paths, SERVICE)}")
