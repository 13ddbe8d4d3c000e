# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's entry for backups as a play runs it: from variables of a user to objects in S3.

What k0s does on the host is stood in for; the action, the way of the file, and S3 are the true ones.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess
from tests.aws.bed import Aws
from tests.integration.input.conftest import ROOT, Ran, Workplace

REGION = "eu-central-1"
CONTENT = "what k0s made " * 4000
SHA256 = hashlib.sha256(CONTENT.encode()).hexdigest()
MODULE = f'''#!/usr/bin/python
"""Stands in for k0s_backup: no k0s runs on the machine of the tests."""

from __future__ import annotations

import os
import shutil

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.options import BACKUP

FOLDER = @FOLDER@


def main() -> None:
    module = AnsibleModule(argument_spec=BACKUP)
    if module.params["state"] == "absent":
        shutil.rmtree(FOLDER)
        module.exit_json(changed=True)
    os.makedirs(FOLDER, mode=0o700)
    path = os.path.join(FOLDER, "made.tar")
    with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write({CONTENT!r})
    manifest = {{**module.params["about"], "format": 1, "name": module.params["name"], "contents": [], "files": []}}
    manifest.update(k0s_version="v1.32.6+k0s.0", census={{"revision": 120, "keys": 8, "digest": "d", "kinds": {{}}}})
    module.exit_json(changed=True, path=path, size={len(CONTENT)}, sha256="{SHA256}", manifest=manifest)


main()
'''
CONFIG = {
    "apiVersion": "mke.mirantis.com/v1alpha1",
    "kind": "MkeConfig",
    "metadata": {"name": "mke"},
    "spec": {"version": "v4.1.2", "hosts": [{"role": "controller", "ssh": {"address": "10.77.0.11"}}]},
}
# What the entry finds when the hosts were read before.
READ = {
    "__k0s_nodes": {},
    "__k0s_plan": {"plan": {"leader": "localhost"}},
    "__k0s_input": {"cluster": {"data_dir": "/var/lib/k0s"}},
}


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    found = Workplace(tmp_path)
    collection = tmp_path / "tree" / "ansible_collections" / "mke4k" / "core"
    for name in ("plugins", "roles", "meta", "playbooks"):
        shutil.copytree(ROOT / name, collection / name, ignore=shutil.ignore_patterns("__pycache__"))
    module = MODULE.replace("@FOLDER@", repr(str(tmp_path / "host")))
    (collection / "plugins" / "modules" / "k0s_backup.py").write_text(module)
    entry = {"name": "mke4k.core.k0s", "tasks_from": "backup", "rolespec_validate": False}
    tasks = [{"name": "Back up", "ansible.builtin.include_role": entry}]
    found.write("play.yml", [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
    return found


@pytest.fixture
def client(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in aws.admin.environment.items():
        monkeypatch.setenv(name, value)
    found = AwsAccess.of({"endpoint_url": aws.url, "region": REGION}, aws.admin.environment).client("s3")
    found.create_bucket(Bucket="vault", CreateBucketConfiguration={"LocationConstraint": REGION})
    return found


def back_up(aws: Aws, workplace: Workplace, *arguments: str, **given: Any) -> Ran:
    """What follows when the hosts were read."""
    return played(aws, workplace, "play.yml", *arguments, **READ, **given)


def played(aws: Aws, workplace: Workplace, play: str, *arguments: str, **given: Any) -> Ran:
    """With the keys of a credential, and nothing but variables of a user."""
    variables = {
        "mke4k_config": CONFIG,
        "mke4k_layers": ["k0s"],
        "mke4k_backup_dest": "s3://vault/mke",
        "mke4k_backup_s3_endpoint": aws.url,
        "mke4k_backup_s3_region": REGION,
        **given,
    }
    path = workplace.write("variables.json", json.dumps(variables))
    tree = {"ANSIBLE_COLLECTIONS_PATH": str(workplace.folder / "tree"), "ANSIBLE_BECOME_METHOD": "su"}
    keys = aws.admin.environment
    return workplace.run("ansible-playbook", play, "-e", f"@{path}", *arguments, environment={**tree, **keys})


def names(client: Any) -> list[str]:
    return sorted(item["Key"] for item in client.list_objects_v2(Bucket="vault").get("Contents", []))


def test_a_backup_goes_to_s3_with_its_manifest_and_leaves_nothing_behind(
    aws: Aws, client: Any, workplace: Workplace
) -> None:
    checked = back_up(aws, workplace, "--check", mke4k_backup_name="first")
    assert checked.code == 0, checked.output
    assert "would be backed up to s3://vault/mke/first.tar" in checked.output
    assert names(client) == []
    ran = back_up(aws, workplace, mke4k_backup_name="first", mke4k_backup_s3_sse="AES256")
    assert ran.code == 0, ran.output
    assert names(client) == ["mke/first.json", "mke/first.tar"]
    kept = client.get_object(Bucket="vault", Key="mke/first.tar")
    assert (kept["Body"].read().decode(), kept["ServerSideEncryption"]) == (CONTENT, "AES256")
    manifest = json.loads(client.get_object(Bucket="vault", Key="mke/first.json")["Body"].read())
    assert (manifest["cluster"], manifest["archive"]["sha256"]) == ("mke", SHA256)
    assert not (workplace.folder / "host").exists()
    assert not list(workplace.home.rglob("*.tar"))
    assert aws.admin.secret_key not in ran.output


def test_old_backups_go_when_so_many_are_kept(aws: Aws, client: Any, workplace: Workplace) -> None:
    for name in ("first", "second"):
        ran = back_up(aws, workplace, mke4k_backup_name=name, mke4k_backup_keep="1")
        assert ran.code == 0, ran.output
    assert names(client) == ["mke/second.json", "mke/second.tar"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mke4k_backup_dest": "s3://nowhere/mke"}, "The bucket nowhere is not there"),
        ({"mke4k_backup_encryption": "openssl"}, "there is no passphrase. Set mke4k_backup_passphrase_file"),
    ],
)
def test_a_backup_that_cannot_be_kept_ends_the_play_before_it_goes_to_any_host(
    aws: Aws, client: Any, workplace: Workplace, given: dict[str, str], told: str
) -> None:
    ran = played(aws, workplace, "mke4k.core.backup", **given)
    assert ran.code == 2, ran.output
    assert told in " ".join(ran.output.split())
    assert "See what every host is" not in ran.output
    assert "UNREACHABLE" not in ran.output
    assert names(client) == []
