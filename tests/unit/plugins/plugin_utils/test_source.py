# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an mke4.yaml is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.constants import DEFAULT_VAULT_ID_MATCH
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.mke4k.core.plugins.plugin_utils._plain import InputError
from ansible_collections.mke4k.core.plugins.plugin_utils._source import Source, file_source, source_document
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import loader_in, task_vars

CONFIG = config()
FLAT = {"hosts": [host("10.0.0.1", "single")], "license": {"refresh": True}, "unrelated": 1}


def found(folder: Path, arguments: Any = None, extra: Any = None, inventory: str = "") -> Source:
    return source_document(arguments or {}, task_vars(folder, inventory, extra), loader_in(folder))


@pytest.fixture
def mke4_yaml(tmp_path: Path) -> Path:
    path = tmp_path / "mke4.yaml"
    path.write_text(yaml.safe_dump(CONFIG))
    return path


def test_every_form_gives_the_same_document(tmp_path: Path, mke4_yaml: Path) -> None:
    text = mke4_yaml.read_text()
    forms = [
        found(tmp_path, {"config": CONFIG}),
        found(tmp_path, {"config": text}),
        found(tmp_path, {"config_file": "mke4.yaml"}),
        found(tmp_path, extra={"mke4k_config": CONFIG}),
        found(tmp_path, extra={"mke4k_config": text}),
        found(tmp_path, extra={"mke4k_config": json.dumps(CONFIG)}),
        found(tmp_path, extra={"mke4k_config_file": str(mke4_yaml)}),
        found(tmp_path, extra=CONFIG),
        found(tmp_path, inventory=f"[mke4k_controllers]\nn1 mke4k_config_file={mke4_yaml}\n"),
    ]
    assert [source.document for source in forms] == [CONFIG] * len(forms)
    assert forms[2].origin == str(mke4_yaml)
    assert forms[2].directory == str(tmp_path)
    assert forms[7].origin == "the variables apiVersion, kind, metadata and spec"


def test_what_is_said_nearer_to_the_task_wins(tmp_path: Path, mke4_yaml: Path) -> None:
    other = config(host("10.9.9.9"))
    extra = {**CONFIG, "mke4k_config": other, "mke4k_config_file": str(mke4_yaml)}
    assert found(tmp_path, {"config": {}, "config_file": ""}, extra).document == other
    assert found(tmp_path, {"config_file": "mke4.yaml"}, extra).document == CONFIG
    assert found(tmp_path, extra={**extra, "mke4k_config": ""}).origin == str(mke4_yaml)


def test_only_known_fields_of_a_flat_file_are_taken_from_variables(tmp_path: Path) -> None:
    assert found(tmp_path, extra=FLAT).document == {key: FLAT[key] for key in FLAT if key != "unrelated"}


@pytest.mark.parametrize("extra", [{}, {"hosts": "all"}, {"hosts": ["n1"]}, {"spec": {"x": 1}}, {"kind": "Pod"}])
def test_nothing_found_shows_the_ways_to_give_it(tmp_path: Path, extra: Any) -> None:
    with pytest.raises(InputError) as error:
        found(tmp_path, extra=extra)
    for way in ("-e @mke4.yaml", "mke4k_config_file", "mke4k_config ", "mke4k.core.mke4"):
        assert way in str(error.value)


def test_an_envelope_with_a_misspelt_kind_is_still_read(tmp_path: Path) -> None:
    assert found(tmp_path, extra={**CONFIG, "kind": "MKEConfig"}).document["kind"] == "MKEConfig"


def test_a_relative_path_starts_at_the_playbook_else_at_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.yaml").write_text(yaml.safe_dump(CONFIG))
    monkeypatch.chdir(elsewhere)
    assert found(tmp_path, {"config_file": "mine.yaml"}).origin == str(elsewhere / "mine.yaml")
    with pytest.raises(InputError, match="no such file") as error:
        found(tmp_path, {"config_file": "none.yaml"})
    assert str(tmp_path / "none.yaml") in str(error.value)
    assert str(elsewhere / "none.yaml") in str(error.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1", "line 2, column 1|line 1"),
        ("- a", "holds a list, but an MkeConfig is a mapping"),
        ("only text", "holds text"),
        ("7", "holds a number"),
        ("", "holds nothing"),
        ("a: 1\n---\nb: 2", "another document"),
        (b"\xff\xfe\x00a", "not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_mke4_yaml_is_said_so(tmp_path: Path, text: Any, problem: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=problem) as error:
        found(tmp_path, {"config_file": str(path)})
    assert str(path) in str(error.value)


def test_the_line_with_the_mistake_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("spec:\n  bindPW: s3cret\n bad")
    for arguments in ({"config_file": str(path)}, {"config": path.read_text()}):
        with pytest.raises(InputError) as error:
            found(tmp_path, arguments)
        assert "s3cret" not in str(error.value)
        assert "line 3" in str(error.value)


def test_a_document_that_contains_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loop.yaml"
    path.write_text("spec: &spec\n  hosts: [*spec]\n")
    for arguments in ({"config_file": str(path)}, {"config": path.read_text()}):
        with pytest.raises(InputError, match="nested deeper than 64 levels"):
            found(tmp_path, arguments)


def test_text_and_paths_of_the_wrong_type_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="mke4k_config_file must be a path, not a list"):
        found(tmp_path, extra={"mke4k_config_file": ["x"]})
    with pytest.raises(InputError, match="option config holds a list"):
        found(tmp_path, {"config": ["x"]})


def test_nothing_in_a_file_is_rendered(tmp_path: Path) -> None:
    path = tmp_path / "mke4.yaml"
    path.write_text("spec: {services: [{values: '{{ .Values.x }}'}]}")
    assert file_source(str(path), loader_in(tmp_path)).document["spec"]["services"][0]["values"] == "{{ .Values.x }}"


def test_a_file_in_vault_is_read_with_its_password_and_explained_without(tmp_path: Path, mke4_yaml: Path) -> None:
    secrets = [(DEFAULT_VAULT_ID_MATCH, VaultSecret(b"password"))]
    mke4_yaml.write_bytes(VaultLib(secrets).encrypt(mke4_yaml.read_bytes()))
    loader = loader_in(tmp_path)
    with pytest.raises(InputError, match="--ask-vault-pass"):
        file_source(str(mke4_yaml), loader)
    loader.set_vault_secrets(secrets)
    assert file_source(str(mke4_yaml), loader).document == CONFIG
