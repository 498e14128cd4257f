"""Plugin files that a manifest names are code of whoever wrote it: they run only where the user says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sslkit.errors import SSLKitError
from sslkit.foreign import file_digest, home_path, require_regular

DIGEST = "sha256"  # a plugin's key in the manifest; manifests of 0.1 have none


def plugin_files(
    manifest: Mapping[str, Any], given: tuple[str, ...], trust: bool
) -> tuple[tuple[str, ...], list[str]]:
    """The plugin paths to load, and in words the files that are gone.

    Args:
        manifest: of the comparison.
        given: files and folders that the user named.
        trust: the user trusts what the manifest names.

    Raises:
        SSLKitError: the manifest names files that are neither given nor trusted; says each with its hashes.
    """
    named = {Path(p["source"]): p.get(DIGEST) for p in _local_plugins(manifest)}
    known = {file: digest for file, digest in named.items() if require_regular(file).is_file()}
    lost = [f"the plugin file {file} is gone" for file in named if file not in known]
    if trust:
        return tuple(dict.fromkeys([*given, *map(str, known)])), lost + _changes(known.items())
    folders = [home_path(text).resolve() for text in given]
    files = {path.name: path for path in folders} | {
        file.name: file for path in folders if path.is_dir() for file in path.glob("*.py")
    }
    open_files = {file: digest for file, digest in known.items() if file.name not in files}
    if open_files:
        lines = "\n".join(f"  {file}: {_compared(file, digest)}" for file, digest in open_files.items())
        raise SSLKitError(
            "the manifest names Python files, which would run with your rights; nothing of them was run:\n"
            f"{lines}\nRead them. Then name those to run with --plugin-path FILE, or say --trust for all."
        )
    lost = [
        f"the plugin file {file} is gone" for file in named if file not in known and file.name not in files
    ]
    taken = [(files[file.name], digest) for file, digest in named.items() if file.name in files]
    return given, lost + _changes(taken)


def _changes(files: Iterable[tuple[Path, str | None]]) -> list[str]:
    """In words, the files that are no longer what the manifest recorded."""
    now = [(file, then, file_digest(file)) for file, then in files if then and file.is_file()]
    return [
        f"the plugin file {file}: sha256 {then[:16]}… then, {digest[:16]}… now"
        for file, then, digest in now
        if digest != then
    ]


def _compared(file: Path, recorded: Any) -> str:
    try:
        now = file_digest(file)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if not isinstance(recorded, str):
        return f"sha256 {now[:16]}…; the manifest has none to compare with"
    return f"sha256 {now[:16]}…, " + (
        "as in the manifest" if now == recorded else f"NOT the manifest's {recorded[:16]}…"
    )


def _local_plugins(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [plugin for plugin in manifest.get("plugins") or [] if plugin["version"] == "local file"]
