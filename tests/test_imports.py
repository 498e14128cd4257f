"""Imports flow one way, and the light commands stay light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import sslkit

ROOT = Path(sslkit.__file__).parent
COMPONENTS = {
    "augment",
    "backbones",
    "evaluation",
    "frontends",
    "heads",
    "modalities",
    "objectives",
    "optim",
}
BASE = {"types", "errors", "hookspecs", "randomness", "foreign", "npz_files"}
ALLOWED = {  # room → what it may import; the longest name that fits a file counts
    "errors": set(),
    "randomness": set(),
    "hookspecs": set(),
    "foreign": {"errors"},
    "npz_files": {"foreign", "errors"},
    "records": {"records", "foreign", "errors"},
    "files": {"foreign", "errors"},
    "outputs": {"files", "foreign", "errors"},
    "types": {"types"},
    "registry": {"registry", "types", "errors"},
    "environment": {"plugins", "errors", ""},
    "plugins": {"registry", "hookspecs", "foreign", "errors"},
    "config": {"config", "registry", "types", "foreign", "errors"},
    **{room: BASE | {room} for room in COMPONENTS},
    "augment": BASE | {"augment", "data.reading"},
    "data": BASE | {"data"},
    "data.reading": BASE | {"data.reading", "data.identifiers", "data.labels", "data.quality", "data.rows"},
    "data.identifiers": BASE,
    "data.labels": BASE | {"data.identifiers"},
    "data.rows": BASE,
    "data.quality": BASE | {"data.rows"},
    "data.sources": BASE | {"data"},
    "data.sets": BASE | {"data"},
    "modalities": BASE | {"modalities", "frontends.mel"},
    "objectives": BASE | {"objectives", "heads"},
    "training": BASE | {"training", "files", "augment", "data"},
    "deploy": BASE | {"deploy", "records", "files", "registry", "evaluation", "data"},
    "guards": BASE | {"guards", "data"},
    "statistics": BASE | {"statistics"},
    "assembly": BASE | {"assembly", "config", "registry", "augment", "data", "deploy", "training", "guards"},
    "finetuning": BASE | {"finetuning", "data", "evaluation"},
    "running": BASE
    | {"running", "registry", "plugins", "records", "config", "files", "outputs", "training", "evaluation"}
    | {"deploy", "data"}
    | {"assembly", "statistics.audit", ""},
    "baselines": BASE | {"baselines", "evaluation", "finetuning", "deploy", "running"},
    "pages": BASE | {"pages"},
    "report": BASE
    | {"report", "records", "pages", "statistics", "config", "plugins", "files", "evaluation", ""},
    "comparison": BASE
    | {"comparison", "registry", "plugins", "records", "config", "files", "evaluation", "assembly", "running"}
    | {"report", "data"},
    "previews": BASE
    | {"previews", "pages", "assembly", "config", "registry", "augment", "files", "outputs", ""},
}


def imports(path: Path) -> set[str]:
    """Modules of sslkit that a file imports, without the package's name; those for type checkers only left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        modules = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        for module in modules:
            if module == "sslkit" and isinstance(node, ast.ImportFrom):
                found |= {alias.name for alias in node.names}
            elif module.split(".")[0] == "sslkit":
                found.add(module.removeprefix("sslkit").removeprefix("."))
    return found


def in_room(name: str, rooms: set[str]) -> bool:
    return any(name == room or (room and name.startswith(f"{room}.")) for room in rooms)


def test_imports_flow_one_way():
    wrong = []
    for path in ROOT.rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        room = max((room for room in ALLOWED if in_room(name, {room})), key=len, default=None)
        if room is not None:
            wrong += [
                f"{name} imports {found}" for found in imports(path) if not in_room(found, ALLOWED[room])
            ]
    assert not wrong


def test_rooms_form_no_circle():
    graph: dict[str, set[str]] = {}
    for path in ROOT.rglob("*.py"):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        graph.setdefault(room, set()).update({found.split(".")[0] for found in imports(path)} - {room, ""})
    tuple(TopologicalSorter(graph).static_order())


def test_every_room_has_its_directions():
    rooms = {path.name.removesuffix(".py") for path in ROOT.iterdir() if path.suffix in ("", ".py")}
    assert rooms - {"__init__", "__main__", "__pycache__", "api", "cli", "testing"} == {
        room for room in ALLOWED if "." not in room
    }


def test_the_document_says_the_same() -> None:
    rooms = {room: found for room, found in ALLOWED.items() if "." not in room}
    expected = {
        room: {other.split(".")[0] for other in found} - BASE - {room, ""} for room, found in rooms.items()
    }
    text = (Path(__file__).parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("| room | holds | may import |") : text.index("`tests/test_imports.py` holds")]
    said = {}
    for line in table.splitlines()[2:]:
        if line.startswith("|"):
            names, _, others = line.strip("| ").split(" | ")
            said |= {room: set(re.findall(r"`(\w+)`", others)) for room in re.findall(r"`(\w+)`", names)}
    assert {room: found for room, found in said.items() if room in rooms} == expected
    assert set(said) - set(rooms) == {"api", "cli", "testing"}


def test_listing_needs_no_heavy_library():
    program = (
        "import sys, sslkit.cli; sslkit.cli.run(['list']); "
        "heavy = {'sklearn', 'matplotlib', 'torchvision', 'torchaudio', 'scipy', 'pandas', 'pyarrow', 'PIL'};"
        "sys.exit('loaded: ' + ', '.join(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
