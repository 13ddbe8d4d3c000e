# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill of materials of an archive, as CycloneDX 1.6:  python -m tests.tools.sbom ARCHIVE FILE

Every file with its sha256, and the Python packages that the control node needs with their bounds. Nothing else is in
the archive, and nothing in it comes from elsewhere.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main(archive: Path, target: Path) -> int:
    """Write the bill, once it is valid."""
    with tarfile.open(archive) as tar:
        found = bill(read(tar, "MANIFEST.json"), read(tar, "FILES.json"), requirements(tar))
    text = JsonV1Dot6(found).output_as_string(indent=1)
    invalid = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if invalid is not None:
        print(f"The bill of materials is not valid: {invalid}", file=sys.stderr)
        return 1
    target.write_text(text + "\n", encoding="utf-8")
    return 0


def read(tar: tarfile.TarFile, name: str) -> dict[str, Any]:
    member = tar.extractfile(name)
    assert member is not None, name
    return dict(json.load(member))


def requirements(tar: tarfile.TarFile) -> list[str]:
    """The lines of requirements.txt that name a package."""
    member = tar.extractfile("requirements.txt")
    assert member is not None
    lines = (line.strip() for line in member.read().decode().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def bill(manifest: dict[str, Any], files: dict[str, Any], packages: list[str]) -> Bom:
    info = manifest["collection_info"]
    found = Bom()
    found.metadata.component = root = Component(
        name=f"{info['namespace']}.{info['name']}",
        version=info["version"],
        type=ComponentType.LIBRARY,
        description=info["description"],
        licenses=[DisjunctiveLicense(id=name) for name in info["license"]],
        bom_ref="collection",
    )
    needed = [package(line) for line in packages]
    for component in needed:
        found.components.add(component)
    found.register_dependency(root, needed)
    for item in files["files"]:
        if item["ftype"] == "file":
            root.components.add(file(item["name"], item["chksum_sha256"]))
    return found


def package(line: str) -> Component:
    """A package that is installed beside the collection; which version of it, the user decides within the bounds."""
    name, _sign, lowest = line.partition(">=")
    bounds = Property(name="mke4k:requirement", value=f">={lowest}")
    return Component(name=name, type=ComponentType.LIBRARY, bom_ref=f"pip-{name}", properties=[bounds])


def file(name: str, sha256: str) -> Component:
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=sha256)]
    return Component(name=name, type=ComponentType.FILE, hashes=hashes, bom_ref=f"file-{name}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
