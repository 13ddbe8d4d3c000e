# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s import environment

AWKWARD = {
    "PLAIN": "x",
    "QUOTED": 'a "b" c',
    "DOLLAR": "$HOME `id` \\n",
    "APOSTROPHE": "it's",
    "EMPTY": "",
    "HASH": "#",
}


def test_what_systemd_gets_is_read_back() -> None:
    assert environment.parse_systemd(environment.render_systemd(AWKWARD)) == AWKWARD


def test_environment_files_of_others_are_read() -> None:
    text = "# comment\n; comment\nA=b c \nB='d e'\nno assignment\n1X=y\n"
    assert environment.parse_systemd(text) == {"A": "b c", "B": "d e"}


def test_what_openrc_gets_is_what_a_shell_reads() -> None:
    text = environment.render_openrc(AWKWARD)
    shown = subprocess.run(
        ["env", "-i", "/bin/sh", "-c", f"{text}\n/usr/bin/env -0"], check=True, stdout=subprocess.PIPE
    )
    found = dict(item.split("=", 1) for item in shown.stdout.decode().split("\0") if item)
    assert {name: found[name] for name in AWKWARD} == AWKWARD
    assert environment.parse_openrc(text) == AWKWARD


def test_lines_of_others_stay_in_openrcs_settings() -> None:
    present = 'rc_need="net"\n' + environment.render_openrc({"A": "old"}) + "export B=c # why\nexport 'broken\n"
    text = environment.render_openrc({"A": "new"}, present)
    assert environment.parse_openrc(text) == {"A": "new", "B": "c"}
    assert text.startswith('rc_need="net"\nexport B=c # why\n')
    assert environment.render_openrc({}, environment.render_openrc({"A": "old"})) == ""


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"A-B": "secret"}, ["'A-B' is not a variable name"]),
        ({"A": "secret\nB=c"}, ["the value of A has a line break"]),
        ({"A": "b"}, []),
    ],
)
def test_what_cannot_be_written_is_told_without_the_value(values: dict[str, str], words: list[str]) -> None:
    assert environment.problems(values) == words
