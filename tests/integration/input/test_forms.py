# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to give an mke4.yaml ends in the same cluster, and a bad one in all of its mistakes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.integration.input.conftest import Ran, Workplace

CHECK: dict[str, Any] = {"mke4k.core.mke_config": {"config": "{{ k0s_config | default({}) }}"}}
SECRET = "s3cret-license"
CONFIG: dict[str, Any] = {
    "apiVersion": "mke.mirantis.com/v1alpha1",
    "kind": "MkeConfig",
    "metadata": {"creationTimestamp": None, "name": "mke", "namespace": "mke"},
    "spec": {
        "version": "v4.1.2",
        "license": {"token": SECRET},
        "apiServer": {"externalAddress": "api.example.com"},
        "hosts": [
            {"role": "controller+worker", "ssh": {"address": "10.0.0.1", "user": "ubuntu", "port": 22}},
            {"role": "worker", "ssh": {"address": "10.0.0.2", "user": "ubuntu"}, "installFlags": ["--labels=a=b"]},
        ],
    },
}
MODEL = ("name", "release", "k0s_version", "cluster", "controllers", "workers", "paths")


def model(ran: Ran) -> dict[str, Any]:
    assert not ran.result.get("failed"), ran.output
    hosts = [{key: item[key] for key in ("name", "address", "role", "groups")} for item in ran.result["hosts"]]
    return {"hosts": hosts, **{key: ran.result[key] for key in MODEL}}


def test_the_four_forms_give_the_same_model(workplace: Workplace) -> None:
    workplace.write("mke4.yaml", CONFIG)
    workplace.write("two-lines.yml", "plugin: mke4k.core.mke4\nconfig: mke4.yaml\n")
    rest = {**CONFIG, "spec": {key: value for key, value in CONFIG["spec"].items() if key != "hosts"}}
    workplace.write("rest.yaml", rest)
    workplace.write(
        "groups.yml",
        {
            "mke4k_controllers": {"hosts": {"10.0.0.1": None}},
            "mke4k_workers": {
                "hosts": {"10.0.0.1": None, "10.0.0.2": {"mke4k_host": {"installFlags": ["--labels=a=b"]}}}
            },
        },
    )
    mapping = {**CHECK, "vars": {"k0s_config": CONFIG}}
    text = {**CHECK, "vars": {"k0s_config": yaml.safe_dump(CONFIG)}}
    models = [
        model(workplace.play(CHECK, arguments=["-e", "@mke4.yaml"])[0]),
        model(workplace.play(CHECK, arguments=["-i", "two-lines.yml"])[0]),
        model(workplace.play(CHECK, arguments=["-i", "groups.yml", "-e", "@rest.yaml"])[0]),
        *(model(ran) for ran in workplace.play(mapping, text)),
        model(workplace.play(CHECK, arguments=["-e", "mke4k_config_file=mke4.yaml"])[0]),
    ]
    assert models[0]["controllers"] == ["10.0.0.1"]
    assert models[0]["workers"] == ["10.0.0.2"]
    assert models == [models[0]] * len(models)


def test_the_file_itself_as_inventory_shows_no_secret(workplace: Workplace) -> None:
    workplace.write("mke4.yaml", CONFIG)
    enabled = {"ANSIBLE_INVENTORY_ENABLED": "mke4k.core.mke4,auto"}
    ran = workplace.inventory("-i", "mke4.yaml", environment=enabled)
    assert ran.result["mke4k_controllers"]["hosts"] == ["10.0.0.1"], ran.output
    variables = ran.result["_meta"]["hostvars"]["10.0.0.2"]
    assert variables["ansible_host"] == "10.0.0.2"
    assert variables["mke4k_config_file"] == str(workplace.folder / "mke4.yaml")
    assert SECRET not in str(ran.result)
    assert "__ansible_unsafe" not in str(ran.result)


def test_a_bad_file_as_inventory_tells_all_of_its_mistakes(workplace: Workplace) -> None:
    hosts = [{**CONFIG["spec"]["hosts"][0], "role": "boss"}, CONFIG["spec"]["hosts"][1], CONFIG["spec"]["hosts"][1]]
    workplace.write("prod.mke4.yml", {**CONFIG, "spec": {**CONFIG["spec"], "hosts": hosts}})
    ran = workplace.inventory("-i", "prod.mke4.yml", environment={"ANSIBLE_INVENTORY_ENABLED": "mke4k.core.mke4"})
    assert ran.code != 0
    assert "spec.hosts[0].role" in ran.output
    assert "host-address-duplicate" in ran.output


def test_groups_of_the_inventory_name_the_hosts_of_the_file(workplace: Workplace) -> None:
    workplace.write("mke4.yaml", CONFIG)
    workplace.write("hosts.ini", "[all]\nfirst ansible_host=10.0.0.1 ansible_user=me\n")
    (ran,) = workplace.play(CHECK, arguments=["-i", "hosts.ini", "-e", "@mke4.yaml"])
    assert ran.result["controllers"] == ["first"], ran.output
    assert [item["connection"] for item in ran.result["hosts"]] == [
        {"ansible_port": 22},
        {"ansible_host": "10.0.0.2", "ansible_user": "ubuntu"},
    ]


def test_answers_of_a_survey_are_text_and_empty_ones_are_unset(workplace: Workplace) -> None:
    config = yaml.safe_load(yaml.safe_dump(CONFIG))
    config["spec"]["hosts"][0]["ssh"]["port"] = "2222"
    config["spec"]["hosts"][0]["noTaints"] = "true"
    config["spec"]["airgap"] = {"enabled": "false"}
    config["spec"]["kubelet"] = {"maxPods": "120", "kubeletRootDir": ""}
    variables = {
        **config,
        "mke4k_release": "v4.1.1",
        "mke4k_k0s_version": "",
        "mke4k_config": "",
        "mke4k_config_file": "",
        "mke4k_controllers_group": "",
    }
    workplace.write("extra.yaml", variables)
    (ran,) = workplace.play(CHECK, arguments=["-e", "@extra.yaml"])
    assert not ran.result.get("failed"), ran.output
    assert ran.result["release"] == "v4.1.1"
    assert ran.result["hosts"][0]["connection"]["ansible_port"] == 2222
    assert ran.result["hosts"][0]["groups"][1] == "mke4k_controllers"


def test_ten_mistakes_are_ten_messages(workplace: Workplace) -> None:
    host = CONFIG["spec"]["hosts"][0]
    bad = {
        "version": "v4.1.2",
        "hosts": [
            {"role": "boss", "ssh": {"address": "10.0.0.1"}},
            {"role": "controller+worker", "ssh": {"address": "10.0.0.2", "port": 99999}},
            {"role": "worker", "ssh": {"address": "10.0.0.3"}, "noTaints": "perhaps"},
            host,
            host,
        ],
        "network": {"serviceCIDR": "10.96.0.0/99", "nodePortRange": "9-5"},
        "apiServer": {"requestTimeout": "soon", "externalAddress": "a b"},
        "k8sProviderSpecs": {"dataDir": "/data"},
        "kubelet": {"maxPods": "many"},
    }
    workplace.write("mke4.yaml", {**CONFIG, "spec": bad})
    (ran,) = workplace.play(CHECK, arguments=["-e", "@mke4.yaml"])
    errors = [finding for finding in ran.result["findings"] if finding["severity"] == "error"]
    assert len(errors) >= 10, ran.result["msg"]
    for number, finding in enumerate(errors, start=1):
        assert f"{number}. {finding['path']}: " in ran.result["msg"]
        assert finding["remedy"] or finding["allowed"]


def test_encrypted_files_and_values_are_read(workplace: Workplace) -> None:
    workplace.write("password", "secret\n")
    vault = ["--vault-password-file", "password"]
    workplace.write("mke4.yaml", CONFIG)
    token = workplace.run("ansible-vault", "encrypt_string", *vault, "--name", "token", SECRET).output
    encrypted = "\n".join(line for line in token.splitlines() if line.startswith((" ", "token")))
    spec = {key: value for key, value in CONFIG["spec"].items() if key != "license"}
    inline = (
        yaml.safe_dump({**CONFIG, "spec": spec})
        + "  license:\n"
        + "\n".join(f"    {line}" for line in encrypted.splitlines())
    )
    workplace.write("inline.yaml", inline + "\n")
    workplace.run("ansible-vault", "encrypt", *vault, "mke4.yaml")
    of_file = {"mke4k.core.mke_config": {"config_file": "mke4.yaml"}}
    of_inline = {"mke4k.core.mke_config": {"config_file": "inline.yaml"}}
    ran = workplace.play(of_file, of_inline, CHECK, arguments=[*vault, "-e", "@inline.yaml"])
    assert [item.result.get("controllers") for item in ran] == [["10.0.0.1"]] * 3, ran[0].output
    assert SECRET not in ran[0].output
    without = workplace.play(of_file, of_inline)
    assert "--ask-vault-pass" in without[0].result["msg"]
    assert "spec.license.token" in without[1].result["msg"]


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_nothing_given_shows_how_to_give_it(workplace: Workplace, check: list[str]) -> None:
    (ran,) = workplace.play(CHECK, arguments=check)
    assert "-e @mke4.yaml" in ran.result["msg"]
