# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the package, so that the same files give the same bytes: ``python package.py CHECKOUT FOLDER``.

ansible-galaxy writes the time of the build into the archive, and lists the files as the file system does. So this packs again what it has
built: sorted by name, with the time in SOURCE_DATE_EPOCH, or else that of the last commit. Another zlib may compress to other bytes.

It prints the line for SHA256SUMS.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FILES, MANIFEST = "FILES.json", "MANIFEST.json"


def built(checkout: Path, folder: Path) -> Path:
    """The package, as ansible-galaxy makes it from ``checkout`` in ``folder``."""
    subprocess.run(["ansible-galaxy", "collection", "build", "--output-path", folder, checkout], stdout=subprocess.DEVNULL, check=True)
    (path,) = folder.glob("*.tar.gz")
    return path


def time_of(checkout: Path) -> int:
    """Seconds since 1970."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given or subprocess.check_output(["git", "-C", checkout, "log", "-1", "--format=%ct"]))


def packed(package: Path, time: int) -> bytes:
    with tarfile.open(package) as archive:
        members = {member.name: member for member in archive}
        contents = {name: file.read() for name, member in members.items() if member.isfile() and (file := archive.extractfile(member))}
    files, manifest = json.loads(contents[FILES]), json.loads(contents[MANIFEST])
    files["files"].sort(key=lambda file: file["name"])
    contents[FILES] = json.dumps(files, indent=1).encode()
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(contents[FILES]).hexdigest()
    contents[MANIFEST] = json.dumps(manifest, indent=1).encode()
    content = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=content, mtime=time) as compressed,
        tarfile.open(fileobj=compressed, mode="w") as archive,
    ):
        for name in sorted(members):
            member = members[name]
            # The time as a fraction, which ansible-galaxy takes from the file.
            member.pax_headers = {}
            member.mtime = time
            member.size = len(contents.get(name, b""))
            archive.addfile(member, io.BytesIO(contents.get(name, b"")))
    return content.getvalue()


def main() -> int:
    checkout, folder = map(Path, sys.argv[1:])
    with tempfile.TemporaryDirectory() as temporary:
        package = built(checkout, Path(temporary))
        content = packed(package, time_of(checkout))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / package.name).write_bytes(content)
    print(f"{hashlib.sha256(content).hexdigest()}  {package.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
