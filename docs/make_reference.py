"""Writes ``docs/reference`` and ``docs/augmentations.md`` from the code: ``python docs/make_reference.py``."""

from __future__ import annotations

from pathlib import Path

from making import api, augmentations, commands, components, configs

from sslkit.cli import make_parser
from sslkit.plugins import load_registry

FOLDER = Path(__file__).parent


def pages() -> dict[str, str]:
    """Path below ``docs`` → text, of every generated page."""
    registry, _ = load_registry()
    reference = {
        "components.md": components.text(registry),
        "commands.md": commands.text(make_parser()),
        "configs.md": configs.text(registry),
        **api.pages(),
    }
    return {
        "augmentations.md": augmentations.text(registry),
        **{f"reference/{name}": text for name, text in reference.items()},
    }


def main() -> None:
    """Write all pages, and remove those that are no more."""
    written = pages()
    for path in (FOLDER / "reference").rglob("*.md"):
        if path.relative_to(FOLDER).as_posix() not in written:
            path.unlink()
    for name, text in written.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
