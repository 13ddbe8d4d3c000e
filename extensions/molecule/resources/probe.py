# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells as JSON what a host is, by its own files, processes and the API: none of the collection's code takes part."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import pwd
import socket
import ssl
import stat
import subprocess
import urllib.error
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

SERVICES = ("k0scontroller", "k0sworker")
BINARY = Path("/usr/local/bin/k0s")
CONFIG = Path("/etc/k0s")
DATA = Path("/var/lib/k0s")
UNITS = Path("/etc/systemd/system")
SOCKET = Path("/run/k0s/status.sock")
# What the lab itself puts there before anything runs.
LAB_FILES = (CONFIG / "containerd.d", DATA / "images")
ROOT = Path("/")
SHARED_FOLDERS = (ROOT / "tmp", ROOT / "var/tmp")
TEMPORARY = (*SHARED_FOLDERS, *(ROOT / home / ".ansible/tmp" for home in ("root", "home/ops", "home/opspw")))
OWN_NAMES = ("k0s", "mke4k", ".k0s", ".mke4k")
SECRETS = (b"PRIVATE KEY-----", b"client-key-data:", b"H4sIAAAAAAA")
SERVICE_KEYS = ("ActiveState", "UnitFileState", "MainPID", "NRestarts", "ExecMainStartTimestampMonotonic")


class StatusConnection(HTTPConnection):
    """HTTP over the status socket of k0s."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(5)
        self.sock.connect(str(SOCKET))


def main() -> None:
    service = running_service()
    controller = bool(service) and service["name"] == "k0scontroller"
    print(
        json.dumps(
            {
                "service": service,
                "arguments": arguments(service),
                "status": status(),
                "traces": traces(),
                "leftovers": leftovers(),
                "files": files(),
                "readable_secrets": readable_secrets(),
                "config": read(CONFIG / "k0s.yaml"),
                "binary_sha256": digest(BINARY),
                "token_file": token_file(arguments(service)),
                "tokens": tokens() if controller else [],
                "etcd": etcd_members() if controller else {},
                "ready": api("/readyz") if controller else None,
                "nodes": nodes() if controller else [],
            }
        )
    )


def running_service() -> Dict[str, Any]:
    """The k0s unit of this host with the process behind it; empty where there is none."""
    for name in SERVICES:
        if (UNITS / f"{name}.service").exists():
            text = run("systemctl", "show", name, "--property", ",".join(SERVICE_KEYS))
            values = dict(line.split("=", 1) for line in text.splitlines())
            return {"name": name, **values}
    return {}


def arguments(service: Dict[str, Any]) -> List[str]:
    if not service or int(service["MainPID"]) == 0:
        return []
    return Path("/proc", service["MainPID"], "cmdline").read_text().rstrip("\0").split("\0")


def status() -> Optional[Dict[str, Any]]:
    if not SOCKET.exists():
        return None
    connection = StatusConnection("localhost", timeout=5)
    try:
        connection.request("GET", "/status")
        content = connection.getresponse().read()
    except OSError as error:
        return {"error": str(error)}
    finally:
        connection.close()
    answer: Dict[str, Any] = json.loads(content)
    return answer


def traces() -> List[str]:
    """What an install leaves on a host."""
    places = [BINARY, CONFIG, DATA, Path("/run/k0s"), *(UNITS / f"{name}.service" for name in SERVICES)]
    found = [str(place) for place in places if place.is_file() or (place.is_dir() and any(tree(place)))]
    users = [user.pw_name for user in pwd.getpwall() if user.pw_name in ("etcd", "kube-apiserver", "kube-scheduler")]
    return found + [f"user {name}" for name in users]


def leftovers() -> List[str]:
    """What a run should have cleared away: staged binaries and temporary files."""
    staged = [path for path in BINARY.parent.glob("*k0s*") if path != BINARY and not path.is_symlink()]
    temporary = [path for folder in TEMPORARY for path in folder.rglob("*") if path.name.startswith(OWN_NAMES)]
    return [str(path) for path in staged + temporary]


def tree(folder: Path) -> Iterator[Path]:
    """The files in a folder, without those of the lab and of containers."""
    for path in sorted(folder.rglob("*")):
        inside = [place in (path, *path.parents) for place in LAB_FILES]
        if path.is_file() and not path.is_symlink() and not any(inside):
            yield path


def files() -> List[Dict[str, Any]]:
    """The files that configure k0s, with their mode, owner and content as a digest."""
    managed = [*tree(CONFIG), BINARY, *UNITS.glob("k0s*.service"), *UNITS.glob("k0s*.service.d/*")]
    managed += [path for path in DATA.glob("*") if path.is_file() and path.suffix in (".cfg", ".yaml")]
    return [described(path) for path in managed if path.is_file()]


def described(path: Path) -> Dict[str, Any]:
    about = path.stat()
    return {
        "path": str(path),
        "mode": f"{stat.S_IMODE(about.st_mode):04o}",
        "owner": owner(about.st_uid),
        "sha256": digest(path),
        "modified": about.st_mtime_ns,
    }


def owner(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def readable_secrets() -> List[str]:
    """Files with secrets in them that any user of the host can read."""
    folders = [CONFIG, UNITS, DATA, *SHARED_FOLDERS]
    return [str(path) for folder in folders for path in tree(folder) if open_to_all(path) and holds_secret(path)]


def open_to_all(path: Path) -> bool:
    reachable = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    return reachable and bool(path.stat().st_mode & stat.S_IROTH)


def holds_secret(path: Path) -> bool:
    if path.stat().st_size > 1_000_000:
        return False
    content = path.read_bytes()
    return any(secret in content for secret in SECRETS)


def token_file(words: List[str]) -> Dict[str, Any]:
    """The file that --token-file names; `usable` says whether it still holds a token."""
    name = next((word.split("=", 1)[1] for word in words if word.startswith("--token-file=")), "")
    path = Path(name)
    if not name or not path.is_file():
        return {"path": name, "exists": False, "usable": False, "mode": ""}
    return {"path": name, "exists": True, "usable": is_token(path.read_bytes()), "mode": described(path)["mode"]}


def is_token(content: bytes) -> bool:
    try:
        return base64.b64decode(content.strip(), validate=True).startswith(b"\x1f\x8b")
    except (binascii.Error, ValueError):
        return False


def tokens() -> List[str]:
    lines = [run(str(BINARY), "token", "list", "--role", role).splitlines() for role in ("controller", "worker")]
    return [line for role_lines in lines for line in role_lines if line.strip() and not is_header(line)]


def is_header(line: str) -> bool:
    return line.lstrip().lower().startswith(("id", "no k0s join tokens"))


def etcd_members() -> Dict[str, str]:
    members: Dict[str, str] = json.loads(run(str(BINARY), "etcd", "member-list"))["members"]
    return members


def nodes() -> List[Dict[str, Any]]:
    return [node(item) for item in json.loads(api("/api/v1/nodes"))["items"]]


def node(item: Dict[str, Any]) -> Dict[str, Any]:
    conditions = {condition["type"]: condition["status"] for condition in item.get("status", {}).get("conditions", ())}
    return {
        "name": item["metadata"]["name"],
        "labels": item["metadata"].get("labels", {}),
        "taints": [f"{taint['key']}:{taint['effect']}" for taint in item["spec"].get("taints", [])],
        "ready": conditions.get("Ready") == "True",
        "kubelet": item["status"]["nodeInfo"]["kubeletVersion"],
        "capacity": item["status"].get("capacity", {}),
    }


def api(path: str) -> str:
    """An answer of this host's own API server, as its administrator."""
    context = ssl.create_default_context(cafile=str(DATA / "pki/ca.crt"))
    context.load_cert_chain(str(DATA / "pki/admin.crt"), str(DATA / "pki/admin.key"))
    try:
        with urllib.request.urlopen(f"https://127.0.0.1:6443{path}", context=context, timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return str(error.read().decode())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    main()
