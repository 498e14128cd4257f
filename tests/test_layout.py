"""The house's own rules: one name has one meaning, files and functions stay small, each module has its test file."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import sslkit

PACKAGE = Path(sslkit.__file__).parent
TESTS = Path(__file__).parent
MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_FILES = 300, 60, 12

ONE_FILE_A_COMPONENT = {"augment/images", "augment/sensors", "augment/audio"}  # grow with each augmentation

COMMAND = "the command, its function in `sslkit`, and what does the work"
TWICE = {  # name → why it may stand more than once
    "ablate": COMMAND,
    "compare": COMMAND,
    "embed": COMMAND,
    "evaluate": COMMAND,
    "load_encoder": COMMAND,
    "pretrain": COMMAND,
    "preview": COMMAND,
    "reproduce": COMMAND,
    "add_commands": "each group of commands adds its own to the parser",
    "main": "what a program runs, one in each",
    "sslkit_register": "the hook by which each module with components registers them",
}

# module → why it has no test file of its name
WITHOUT: dict[str, str] = {"data/recordings/settings": "names and types of settings alone"}


def modules() -> Iterator[tuple[str, Path]]:
    """Path inside the package, and the file; packages' own ``__init__`` are left out."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name not in ("__init__.py", "__main__.py"):
            yield path.relative_to(PACKAGE).with_suffix("").as_posix(), path


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_one_name_has_one_meaning() -> None:
    homes = defaultdict(list)
    for module, path in modules():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                homes[node.name].append(module)
    twice = {name: found for name, found in homes.items() if len(found) > 1}
    assert {name: found for name, found in twice.items() if name not in TWICE} == {}
    assert set(TWICE) <= set(twice), "a name that stands once needs no reason"


def test_files_and_functions_stay_small() -> None:
    long = []
    for module, path in modules():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            long.append(f"{module}: {lines} lines")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    long.append(f"{module}.{node.name}: {lines} lines")
    assert long == []


def test_a_folder_fits_on_a_screen() -> None:
    counts = Counter(
        path.parent.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and path.name != "__init__.py"
    )
    crowded = {folder: count for folder, count in counts.items() if count > MOST_FILES}
    assert {folder: crowded[folder] for folder in crowded if folder not in ONE_FILE_A_COMPONENT} == {}


def test_each_module_has_the_test_file_of_its_name() -> None:
    names = {module for module, _ in modules()}
    tested = {module for module in names if _test_of(module).is_file()}
    assert {str(_test_of(module).relative_to(TESTS)) for module in names - tested - set(WITHOUT)} == set()
    assert set(WITHOUT) & tested == set(), "it has one: the reason can go"
    assert set(WITHOUT) - names == set(), "there is no such module"


def _test_of(module: str) -> Path:
    folder, _, name = module.rpartition("/")
    return TESTS / folder / f"test_{name}.py"
