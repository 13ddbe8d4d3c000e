# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the lab."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from typing import Callable, Dict, List, Sequence

from . import (
    bundle,
    cgroup,
    doctor,
    faults,
    host as hosts,
    images,
    inventory,
    k0s,
    lab,
    network,
    operators,
    pause,
    pods,
    registry,
    root,
    state as states,
    tools,
)
from .arguments import parser
from .errors import LabError
from .paths import LabPaths, lab_paths
from .plan import Plan, RegistryPlan, read_plan
from .say import say


def main(arguments: Sequence[str]) -> int:
    """Runs one command; the exit code of the program."""
    options = parser().parse_args(arguments)
    try:
        COMMANDS[options.command](lab_paths(options.name), options)
    except LabError as error:
        say(str(error))
        return 1
    except BrokenPipeError:
        # Whoever read the output (`| head -1`) has seen enough; what is left must not fail at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _choice(paths: LabPaths, options: argparse.Namespace) -> k0s.Choice:
    return k0s.choose(paths.cache, os.environ.get("MKE4K_LAB_K0S", ""), options.k0s_version)


def _up(paths: LabPaths, options: argparse.Namespace) -> None:
    plan = read_plan(options.plan)
    _bring_up(paths, options, plan, fresh=options.fresh)


def _reset_hosts(paths: LabPaths, options: argparse.Namespace) -> None:
    _bring_up(paths, options, lab.require(paths).plan, fresh=True)


def _bring_up(paths: LabPaths, options: argparse.Namespace, plan: Plan, *, fresh: bool) -> None:
    doctor.require()
    choice = _choice(paths, options)
    if not options.json:
        print(choice.sentence(), flush=True)
    state = lab.up(paths, plan, choice, fresh=fresh)
    if options.json:
        print(json.dumps(inventory.description(paths, state), indent=1))
        return
    _print_status(paths, state)
    print(f"inventory: {paths.inventory}")
    print(f"to reach the hosts: lab.py ssh HOST, lab.py run -- ansible-playbook -i {paths.inventory} …")


def _down(paths: LabPaths, _options: argparse.Namespace) -> None:
    root.require_linux_root()
    lab.down(paths)


def _status(paths: LabPaths, options: argparse.Namespace) -> None:
    state = states.load(paths)
    if state is None:
        print("{}" if options.json else f"the lab {paths.name} is down")
    elif options.json:
        print(json.dumps(inventory.description(paths, state), indent=1))
    else:
        print(state.k0s.sentence())
        _print_status(paths, state)


def _print_status(paths: LabPaths, state: states.State) -> None:
    for host in state.hosts:
        running = hosts.is_running(state.processes.get(host.name))
        memory = cgroup.memory_bytes(paths.name, host.name) // 1_000_000 if running else 0
        print(f"{host.name:12} {host.address:12} {host.user:6} {'running' if running else 'off':8} {memory:6} MB")


def _ssh(paths: LabPaths, options: argparse.Namespace) -> None:
    state = lab.require(paths)
    host = lab.find(state, options.host)
    network.replace_process(paths.name, [*inventory.ssh_arguments(paths, state, host), *_words(options)])


def _run(paths: LabPaths, options: argparse.Namespace) -> None:
    state = lab.require(paths)
    words = _words(options)
    if not words:
        raise LabError("lab run needs a command: lab run -- ansible-playbook …")
    os.environ["ANSIBLE_SSH_CONTROL_PATH_DIR"] = str(inventory.control_folder(paths, state))
    network.replace_process(paths.name, words)


def _words(options: argparse.Namespace) -> List[str]:
    words: List[str] = options.words
    return words[1:] if words[:1] == ["--"] else words


def _inventory(paths: LabPaths, _options: argparse.Namespace) -> None:
    lab.require(paths)
    print(paths.inventory.read_text(encoding="utf-8"), end="")


def _build(paths: LabPaths, options: argparse.Namespace) -> None:
    doctor.install_packages()
    doctor.require()
    root.ensure_root(paths.cache, root.ensure_key(paths.ssh_key))
    choice = _choice(paths, options)
    tools.ensure_programs(paths.cache, k0s.programs_for(choice), k0s.kubernetes_version(choice))
    tools.ensure_own(paths.cache, "registry")
    images.ensure(paths.cache, choice)
    pause.ensure_pause_image(paths.cache)
    print(choice.sentence())


def _k0s(paths: LabPaths, options: argparse.Namespace) -> None:
    print(json.dumps(asdict(_choice(paths, options))))


def _doctor(paths: LabPaths, _options: argparse.Namespace) -> None:
    doctor.require()
    key = paths.ssh_key.with_suffix(".pub")
    made = key.exists() and root.root_folder(paths.cache, key.read_text(encoding="utf-8")).exists()
    print(f"The lab can run here; the hosts' Debian root is {'there' if made else 'made by the first `lab up`'}.")


def _pods(paths: LabPaths, options: argparse.Namespace) -> None:
    root.require_linux_root()
    pods.enable(paths, options.hosts, options.data_dir)


def _registry(paths: LabPaths, options: argparse.Namespace) -> None:
    if options.verb == "start":
        root.require_linux_root()
        state = lab.require(paths)
        planned = state.plan.registry or RegistryPlan()
        registry.start(paths, RegistryPlan(anonymous=True) if options.anonymous else planned, state.k0s)
    elif options.verb == "stop":
        root.require_linux_root()
        registry.stop(paths)
    print(json.dumps(registry.status(paths), indent=1))


def _bundle(paths: LabPaths, options: argparse.Namespace) -> None:
    choice = _choice(paths, options)
    target = options.file.absolute()
    if options.kind == "k0s":
        bundle.write_k0s_bundle(paths.cache, choice, target)
    else:
        bundle.write_mke_bundle(paths.cache, choice, options.release, target)


def _operators(paths: LabPaths, options: argparse.Namespace) -> None:
    root.require_linux_root()
    lab.require(paths)
    if options.verb == "start":
        operators.start(paths)
    elif options.verb == "stop":
        operators.stop(paths)
    print(json.dumps(operators.status(paths), indent=1))


def _inside(paths: LabPaths, options: argparse.Namespace) -> None:
    actions: Dict[str, Callable[[], None]] = {
        "stop": lambda: lab.stop(paths, options.host, power_cut=False),
        "kill": lambda: lab.stop(paths, options.host, power_cut=True),
        "start": lambda: lab.start(paths, options.host),
        "drop": lambda: faults.drop(paths, options.host, options.port),
        "undrop": lambda: faults.undrop(paths, options.host),
        "fill-disk": lambda: faults.fill_disk(paths, options.host, options.leave),
        "free-disk": lambda: faults.free_disk(paths, options.host),
    }
    root.require_linux_root()
    actions[options.command]()


COMMANDS: Dict[str, Callable[[LabPaths, argparse.Namespace], None]] = {
    "up": _up,
    "reset-hosts": _reset_hosts,
    "down": _down,
    "status": _status,
    "ssh": _ssh,
    "run": _run,
    "inventory": _inventory,
    "build": _build,
    "k0s": _k0s,
    "doctor": _doctor,
    "pods": _pods,
    "registry": _registry,
    "operators": _operators,
    "bundle": _bundle,
    **dict.fromkeys(("stop", "start", "kill", "drop", "undrop", "fill-disk", "free-disk"), _inside),
}
