"""Imports flow one way, and the light commands stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import sslkit

ROOT = Path(sslkit.__file__).parent
COMPONENTS = (
    "augment",
    "backbones",
    "data",
    "evaluation",
    "frontends",
    "heads",
    "modalities",
    "objectives",
    "optim",
)
BASE = {"types", "errors", "hookspecs", "randomness"}
ALLOWED = {
    "errors": set(),
    "randomness": set(),
    "hookspecs": set(),
    "yaml_files": {"errors"},
    "files": {"errors"},
    "types": {"types"},
    "registry": {"types", "errors"},
    "plugins": {"registry", "hookspecs", "errors"},
    "config": {"config", "registry", "types", "errors", "yaml_files"},
    "schema": {"config", "registry", "types"},
    "sound_files": {"errors"},
    **{room: BASE | {room} for room in COMPONENTS},
    "augment": BASE | {"augment", "sound_files"},
    "data": BASE | {"data", "sound_files"},
    "objectives": BASE | {"objectives", "heads"},
    "training": BASE | {"training", "files", "augment", "data"},
    "deploy": BASE | {"deploy", "files", "registry", "evaluation", "data"},
    "guards": BASE | {"guards", "data"},
    "audit": BASE | {"audit"},
    "build": BASE | {"build", "config", "registry", "augment", "data", "deploy", "training", "guards"},
    "finetuning": BASE | {"finetuning", "data", "evaluation"},
    "baselines": BASE | {"baselines", "evaluation", "finetuning", "deploy", "comparison"},
    "comparison": BASE
    | {
        "comparison",
        "build",
        "config",
        "registry",
        "plugins",
        "files",
        "training",
        "evaluation",
        "deploy",
        "data",
        "guards",
        "audit",
        "",
    },
}


def imports(path: Path) -> set[str]:
    """Rooms of sslkit that a file imports, those for type checkers only left out."""
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
                found.add([*module.split("."), ""][1])
    return found


def test_imports_flow_one_way():
    wrong = []
    for path in ROOT.rglob("*.py"):
        relative = path.relative_to(ROOT)
        room = relative.parts[0].removesuffix(".py")
        if room in ALLOWED:
            wrong += [f"{relative} imports {name}" for name in imports(path) - ALLOWED[room]]
    assert not wrong


def test_listing_needs_no_heavy_library():
    program = (
        "import sys, sslkit.cli; sslkit.cli.run(['list']); "
        "heavy = {'sklearn', 'matplotlib', 'torchvision', 'torchaudio', 'scipy', 'pandas', 'pyarrow', 'PIL'};"
        "sys.exit('loaded: ' + ', '.join(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
