# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the lab and their options."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from .paths import DEFAULT_NAME

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


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

    _faults(commands)
    _beside(commands)
    return top


def _faults(commands: Commands) -> None:
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


def _beside(commands: Commands) -> None:
    """What stands beside the hosts."""
    shop = commands.add_parser("registry", help="the lab's OCI registry")
    verbs = shop.add_subparsers(dest="verb", required=True, metavar="VERB")
    begin = verbs.add_parser("start", help="start it, with its charts and images")
    begin.add_argument("--anonymous", action="store_true", help="pulls need no password")
    verbs.add_parser("stop", help="end it; what is in it stays")
    verbs.add_parser("status", help="how to reach it, as JSON")
    packed = commands.add_parser("bundle", help="write a bundle of images for hosts without a network")
    packed.add_argument("kind", choices=("k0s", "mke"), help="k0s' own images, or the images and charts of a release")
    packed.add_argument("file", type=Path)
    packed.add_argument("--release", default="v4.1.2", help="release of MKE 4k (%(default)s)")
    packed.add_argument("--k0s-version", default=os.environ.get("MKE4K_LAB_K0S_VERSION", ""), help="version of k0s")
    played = commands.add_parser("operators", help="the stand-ins for tigera-operator, kcm and mke-operator")
    played.add_argument("verb", choices=("start", "stop", "status"))
