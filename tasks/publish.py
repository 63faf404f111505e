"""Put the files of an edition where they are read, whole or not at all, with a manifest."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as published: its folder and the SHA-256 of every file in it."""

    folder: Path
    files: dict[str, str]


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file by name."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


def publish(files: Mapping[str, bytes], folder: Path, *, about: Mapping[str, str]) -> Edition:
    """Write the files beside the folder and put them in its place; an older edition gives way.

    `about` is written into the manifest beside the hashes. Nothing else in the folder is kept:
    it is a view that can be made again, and only our own manifest marks it as one.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise FileExistsError(f"Mappen {folder} innehåller annat än en rapport. Välj en annan.")
    for left in folder.parent.glob(f".{folder.name}.*.part"):
        shutil.rmtree(left, ignore_errors=True)  # of a run that was killed while it wrote
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    for name, data in files.items():
        path = beside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    manifest = {"about": dict(about), "files": digests(files)}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (beside / MANIFEST).write_text(text, encoding="utf-8")
    old = folder.with_name(f".{folder.name}.old.part")
    if folder.exists():
        folder.rename(old)
    beside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return Edition(folder, digests(files))


def published_about(folder: Path) -> dict[str, str] | None:
    """Return what a published edition says of itself; None where a file is gone or changed."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {name: (folder / name).read_bytes() for name in told["files"]}
    except (OSError, ValueError, KeyError):
        return None
    about: dict[str, str] = told["about"]
    return about if digests(files) == told["files"] else None


def withdraw(folder: Path, *, about: Mapping[str, str]) -> bool:
    """Take a published edition away at once; say whether there was one about that.

    Only our own manifest marks a folder as a view that can be made again.
    """
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["about"]
    except (OSError, ValueError, KeyError):
        return False
    if any(told.get(name) != value for name, value in about.items()):
        return False
    shutil.rmtree(folder)
    return True
