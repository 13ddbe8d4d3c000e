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
    cgroup,
    doctor,
    faults,
    host as hosts,
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
from .errors import LabError
from .paths import DEFAULT_NAME, LabPaths, lab_paths
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


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="lab", description="Throw-away systemd hosts on this machine, for tests.")
    name = os.environ.get("MKE4K_LAB_NAME") or DEFAULT_NAME
    top.add_argument("--name", default=name, help="name of the lab; several can be up side by side (%(default)s)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="bring hosts up")
    up.add_argument("plan", help="a number of hosts, or a YAML file with `hosts:`")
    up.add_argument("--fresh", action="store_true", help="replace hosts that are up")
    up.add_argument("--json", action="store_true", help="describe the lab as JSON instead of in words")
    reset = commands.add_parser("reset-hosts", help="replace all hosts by fresh ones")
    reset.add_argument("--json", action="store_true", help="describe the lab as JSON instead of in words")
    commands.add_parser("down", help="end the hosts and remove what they left")
    status = commands.add_parser("status", help="show the hosts")
    status.add_argument("--json", action="store_true", help="as JSON")
    commands.add_parser("inventory", help="print the Ansible inventory")

    ssh = commands.add_parser("ssh", help="run a command on a host, or a shell")
    ssh.add_argument("host")
    ssh.add_argument("words", nargs=argparse.REMAINDER, metavar="command")
    run = commands.add_parser("run", help="run a command in the lab's network")
    run.add_argument("words", nargs=argparse.REMAINDER, metavar="command")

    build = commands.add_parser("build", help="install and build what is missing")
    choice = commands.add_parser("k0s", help="print as JSON which k0s the hosts get")
    for sub in (up, reset, build, choice):
        sub.add_argument("--k0s-version", default=os.environ.get("MKE4K_LAB_K0S_VERSION", ""), help="version of k0s")
    commands.add_parser("doctor", help="say what this machine lacks")

    for word, text in (("stop", "shut a host down"), ("start", "boot it again"), ("kill", "cut its power")):
        commands.add_parser(word, help=text).add_argument("host")
    drop = commands.add_parser("drop", help="let a host drop what comes to a TCP port")
    drop.add_argument("host")
    drop.add_argument("port", type=int)
    commands.add_parser("undrop", help="take back every drop").add_argument("host")
    fill = commands.add_parser("fill-disk", help="fill /var/lib of a host that has a limited disk")
    fill.add_argument("host")
    fill.add_argument("--leave", type=int, default=1, metavar="MB", help="megabytes that stay free (%(default)s)")
    commands.add_parser("free-disk", help="take the filling back").add_argument("host")
    pods = commands.add_parser("pods", help="let pods with the pause image run on hosts")
    pods.add_argument("hosts", nargs="*", help="all when none is given")
    pods.add_argument("--data-dir", default="/var/lib/k0s", help="data directory of k0s (%(default)s)")
    shop = commands.add_parser("registry", help="the lab's OCI registry")
    verbs = shop.add_subparsers(dest="verb", required=True, metavar="VERB")
    begin = verbs.add_parser("start", help="start it, with its charts and images")
    begin.add_argument("--anonymous", action="store_true", help="pulls need no password")
    verbs.add_parser("stop", help="end it; what is in it stays")
    verbs.add_parser("status", help="how to reach it, as JSON")
    played = commands.add_parser("operators", help="the stand-ins for tigera-operator, kcm and mke-operator")
    played.add_argument("verb", choices=("start", "stop", "status"))
    return top


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
    **dict.fromkeys(("stop", "start", "kill", "drop", "undrop", "fill-disk", "free-disk"), _inside),
}
