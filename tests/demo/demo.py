# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo`: MKE 4k on five throw-away hosts, from nothing to its services; the hosts stay up to look around."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from tests.demo import children
from tests.scenarios.cloud import Cloud
from tests.scenarios.lab import ROOT, K0s, Lab, LabFailed, described, lab_k0s, lab_up

NAME = "mke4k"
CONTROLLERS = 3
HOSTS = 5
FOLDER = ROOT / ".build" / "demo"
INSTALL = ("ansible-playbook", "mke4k.core.install", "-e", "@mke4.yaml")
STATUS = ("ansible-playbook", "mke4k.core.status", "-e", "@mke4.yaml")
PLAN = {
    "hosts": [{"name": f"n{number}", "cni": False} for number in range(1, HOSTS + 1)],
    "registry": True,
    "operators": True,
}
# What the lab's registry has no true images of.
WITHOUT = "konnectivity-server,metrics-server"
# What has to be seen in the status.
SHOWN = {
    "Calico that is as asked": r"VXLAN",
    "component of k0rdent that is ready": r"projectsveltos +\S+ +yes",
    "service of MKE that is ready": r"authentication +system +\S+ +yes",
}
# A second run that has nothing to change takes no longer than this many seconds, on two cores.
AGAIN = 15
ANSIBLE_CFG = """[defaults]
inventory = inventory
host_key_checking = false
interpreter_python = auto_silent
localhost_warning = false
callback_result_format = yaml

[connection]
pipelining = true
"""


class DemoFailed(Exception):
    """The demo did not show what it promises."""


def main() -> int:
    try:
        return show()
    except (DemoFailed, LabFailed, children.ChildrenFailed) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1


def show() -> int:
    say(f"Bringing up {HOSTS} hosts in a network of their own")
    start = time.monotonic()
    k0s = lab_k0s(NAME)
    FOLDER.mkdir(parents=True, exist_ok=True)
    dump(FOLDER / "hosts.yml", PLAN)
    lab_up(NAME, str(FOLDER / "hosts.yml"))
    lab = described(NAME, FOLDER)
    write_files(lab, k0s)
    print(f"{HOSTS} hosts are up after {time.monotonic() - start:.0f} s; they get {k0s.words()}.")
    print("Calico, k0rdent and mke-operator are stand-ins for tests: their charts and objects, without what they do.")
    print((FOLDER / "mke4.yaml").read_text(encoding="utf-8"))
    first, took = run(lab, *INSTALL)
    status, _took = run(lab, *STATUS)
    nodes, _took = run(
        lab, *on_first_host(lab), "k0s kubectl get nodes -o wide", shown=f"ssh {address(lab)} k0s kubectl get nodes"
    )
    say("The same again: nothing is left to change")
    second, again = run(lab, *INSTALL)
    judge(first, status, nodes, second)
    if again > AGAIN:
        print(f"The second run took {again:.0f} s; on two cores that nothing else uses it is below {AGAIN} s.")
    say("Child clusters in AWS, on a mothership and an AWS that are played for tests")
    told = children.show(FOLDER, run_beside)
    farewell(lab, took, again)
    print(told)
    return 0


def write_files(lab: Lab, k0s: K0s) -> None:
    """What a user has in a folder: mke4.yaml, and beside it the settings of Ansible for hosts like these."""
    shutil.rmtree(FOLDER / "inventory", ignore_errors=True)
    (FOLDER / "inventory" / "group_vars").mkdir(parents=True)
    dump(FOLDER / "inventory" / "hosts.yml", {"all": {"hosts": {}}})
    variables = {
        **k0s.variables(),
        "mke4k_kubeconfig": str(FOLDER / "mke.kubeconf"),
        "mke4k_k0rdent_chart": lab.registry["k0rdent_chart"],
        "mke4k_network_probe_image": lab.registry["probe_image"],
        "mke4k_registry_username": lab.registry["username"],
        "mke4k_registry_password": lab.registry["password"],
        "mke4k_admin_password_file": str(FOLDER / "admin-password"),
    }
    dump(FOLDER / "inventory" / "group_vars" / "all.yml", variables)
    (FOLDER / "ansible.cfg").write_text(ANSIBLE_CFG, encoding="utf-8")
    for secret in ("mke.kubeconf", "admin-password"):
        (FOLDER / secret).unlink(missing_ok=True)
    dump(FOLDER / "mke4.yaml", mke_config(lab))


def mke_config(lab: Lab) -> dict[str, object]:
    authority = Path(lab.registry["ca"]).read_text(encoding="utf-8")
    return {
        "apiVersion": "mke.mirantis.com/v1alpha1",
        "kind": "MkeConfig",
        "metadata": {"name": "mke", "namespace": "mke"},
        "spec": {
            "hosts": [host(lab, number) for number in range(HOSTS)],
            "apiServer": {"externalAddress": address(lab)},
            "registries": {
                "imageRegistry": {"url": lab.registry["images"], "caData": authority},
                "chartRegistry": {"url": lab.registry["charts"], "caData": authority},
            },
            "tracking": {"enabled": False},
            "version": "v4.1.2",
        },
    }


def host(lab: Lab, number: int) -> dict[str, object]:
    ssh = {"address": lab.hosts[number]["address"], "user": "root", "keyPath": lab.key}
    if number >= CONTROLLERS:
        return {"role": "worker", "ssh": ssh}
    flags = ["--no-taints", f"--disable-components={WITHOUT}"]
    return {"role": "controller+worker", "ssh": ssh, "installFlags": flags}


def run(lab: Lab, *command: str, shown: str = "") -> tuple[str, float]:
    """Runs the command in the network of the hosts and shows both; returns what it printed and its seconds."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    env["ANSIBLE_COLLECTIONS_PATH"] = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "")
    return run_shown(lab.command(*command), env, shown or " ".join(command))


def run_beside(cloud: Cloud, command: tuple[str, ...]) -> tuple[str, float]:
    """The same beside a mothership without hosts."""
    return run_shown(command, cloud.environment(), " ".join(command))


def run_shown(command: Sequence[str], env: Mapping[str, str], shown: str) -> tuple[str, float]:
    say(f"$ {shown}")
    start = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=FOLDER, env=dict(env), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode != 0:
        raise DemoFailed(f"`{shown}` ended with {process.returncode}. The hosts are still up.")
    return "".join(lines), time.monotonic() - start


def judge(first: str, status: str, nodes: str, second: str) -> None:
    if not changes(first):
        raise DemoFailed("the first run changed nothing.")
    serving = re.findall(r"10\.77\.0\.\d+ +controller\+worker +10\.77\.0\.\d+ +v\S+ +yes", status)
    if len(serving) != CONTROLLERS:
        raise DemoFailed(f"{len(serving)} of {CONTROLLERS} controllers are ready.")
    for what, pattern in SHOWN.items():
        if not re.search(pattern, status, re.MULTILINE):
            raise DemoFailed(f"the status shows no {what}.")
    ready = len(re.findall(r"^\S+ +Ready ", nodes, re.MULTILINE))
    if ready != HOSTS:
        raise DemoFailed(f"{ready} of {HOSTS} nodes are Ready.")
    if changes(second):
        raise DemoFailed(f"the second run changed {changes(second)} things.")


def changes(output: str) -> int:
    """The sum of `changed=` in the recap."""
    return sum(int(count) for count in re.findall(r"\bchanged=(\d+)", output))


def farewell(lab: Lab, took: float, again: float) -> None:
    program = "tests/tools/with-venv tests/lab/lab.py"
    up = os.path.relpath(ROOT, FOLDER)
    say(f"{HOSTS} hosts are Ready. Installed in {took:.0f} s; again in {again:.0f} s with changed=0.")
    print(f"""Look around:
  {program} ssh {lab.hosts[0]["name"]}       a shell on a host; there: k0s kubectl get nodes
  {program} status
Edit mke4.yaml and run it again, in the network of the hosts:
  cd {FOLDER.relative_to(ROOT)}
  {up}/tests/tools/with-venv {up}/tests/lab/lab.py run -- {" ".join(INSTALL)}
Take the hosts away:
  {program} down""")


def address(lab: Lab) -> str:
    return str(lab.hosts[0]["address"])


def on_first_host(lab: Lab) -> list[str]:
    options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "ConnectTimeout=10"]
    flags = [word for option in options for word in ("-o", option)]
    return ["ssh", "-i", lab.key, *flags, f"root@{address(lab)}"]


def say(text: str) -> None:
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)


def dump(path: Path, document: object) -> None:
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
