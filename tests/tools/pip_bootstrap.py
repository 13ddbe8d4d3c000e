# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A home folder in which ansible-test can make virtual environments with nothing but a package index.

ansible-test downloads a bootstrap script for pip from a server of its own, and hides PIP_* from pip. Here it finds a
script that runs pip from the package index, and a pip.conf that says what the variables said.
"""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from pathlib import Path
from typing import List, Mapping

from tests.tools.prepare import uv_environment

SCRIPT = '''\
"""Stand-in for get-pip.py: runs the pip that lies beside it."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "pip-{version}"))
from pip._internal.cli.main import main

arguments = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--upgrade", "--force-reinstall"] + arguments))
'''


def make_home(home: Path, uv: str, python: Path) -> Path:
    """Prepare a home folder for the ansible-test of one environment; return it."""
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in pip_versions(python):
        script = cache / f"get_pip_{version.replace('.', '_')}.py"
        if script.is_file():
            continue
        command = [uv, "pip", "install", "--quiet", "--no-deps", "--python", str(python)]
        subprocess.run(
            [*command, "--target", str(cache / f"pip-{version}"), f"pip=={version}"],
            check=True,
            env=uv_environment(os.environ),
        )
        script.write_text(SCRIPT.format(version=version))
    write_pip_conf(home / ".config" / "pip" / "pip.conf", os.environ)
    return home


def pip_versions(python: Path) -> List[str]:
    """Return the versions of pip that this environment's ansible-test asks for."""
    sources = python.parents[1].glob("lib/python*/site-packages/ansible_test/_internal/python_requirements.py")
    found = {version for source in sources for version in re.findall(r"\bpip='([\d.]+)'", source.read_text())}
    if not found:
        raise RuntimeError(f"no pip version found in the ansible-test of {python}: has its source changed?")
    return sorted(found)


def write_pip_conf(target: Path, environment: Mapping[str, str]) -> None:
    """Write pip's settings of the user and of the environment to one file."""
    config = configparser.RawConfigParser()
    home = Path(environment.get("HOME", str(Path.home())))
    named = environment.get("PIP_CONFIG_FILE", "")
    config.read([home / ".pip" / "pip.conf", home / ".config" / "pip" / "pip.conf", *([named] if named else [])])
    if not config.has_section("global"):
        config.add_section("global")
    for name, value in environment.items():
        if name.startswith("PIP_") and name != "PIP_CONFIG_FILE":
            config.set("global", name[4:].lower().replace("_", "-"), value)
    proxy = environment.get("HTTPS_PROXY") or environment.get("https_proxy")
    if proxy and not config.has_option("global", "proxy"):
        config.set("global", "proxy", proxy)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w") as file:
        config.write(file)
    target.chmod(0o600)
