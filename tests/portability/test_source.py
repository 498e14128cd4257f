"""What the source itself says: text files name their encoding, and no module of one system is imported by all."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sslkit

ROOT = Path(sslkit.__file__).parent
ONE_SYSTEM = {  # documented as "Availability: Unix" or "Windows"
    *(
        "crypt",
        "curses",
        "fcntl",
        "grp",
        "nis",
        "posix",
        "pty",
        "pwd",
        "readline",
        "resource",
        "spwd",
        "syslog",
    ),
    *("termios", "tty", "_winapi", "msvcrt", "winreg", "winsound"),
}
NO_FILES = {"wave", "Image", "layers", "os", "archive"}  # whose open() opens no text
PROGRAMS = {"run", "Popen", "check_output", "check_call", "call"}


def problems(source: str) -> list[str]:
    tree = ast.parse(source)
    return [
        f"line {node.lineno}: {words}"
        for node in ast.walk(tree)
        for words in (*_of_import(node, tree), *(_of_call(node) if isinstance(node, ast.Call) else ()))
    ]


def _of_import(node: ast.AST, tree: ast.Module) -> Iterator[str]:
    """At the top, and outside of any condition."""
    if node in tree.body and isinstance(node, ast.Import | ast.ImportFrom):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        for name in names:
            if name.split(".")[0] in ONE_SYSTEM:
                yield f"imports {name}, which not every system has"


def _of_call(call: ast.Call) -> Iterator[str]:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    owner = getattr(function.value, "id", "") if isinstance(function, ast.Attribute) else ""
    if name == "open" and owner not in NO_FILES:
        place = 1 if isinstance(function, ast.Name) or owner == "io" else 0
        given = call.args[place] if len(call.args) > place else named.get("mode", ast.Constant("r"))
        mode = given.value if isinstance(given, ast.Constant) else None
        if not isinstance(mode, str):
            yield "opens a file in a mode that only the running program knows"
        elif "b" not in mode:
            yield from _of_text(named, writes=mode[0] in "wax")
    elif name in ("read_text", "write_text") and isinstance(function, ast.Attribute):
        yield from _of_text(named, writes=name == "write_text")
    elif name in PROGRAMS and owner == "subprocess" and {"text", "universal_newlines"} & named.keys():
        yield "reads a program's output in the local encoding"


def _of_text(named: dict[str | None, ast.expr], writes: bool) -> Iterator[str]:
    if "encoding" not in named:
        yield "opens text without its encoding"
    if writes and "newline" not in named:
        yield "writes text with the local ends of lines"


def test_source_is_for_every_system() -> None:
    files = sorted(ROOT.rglob("*.py"))
    found = [f"{file}, {words}" for file in files for words in problems(file.read_text(encoding="utf-8"))]
    assert len(files) > 200 and found == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import fcntl", "imports fcntl"),
        ("from resource import getrusage", "imports resource"),
        ("def f():\n    import resource", ""),
        ("import os, resources", ""),
        ("open('x')", "without its encoding"),
        ("open('x', 'rb')", ""),
        ("open('x', mode='w', encoding='utf-8')", "ends of lines"),
        ("open('x', mode)", "only the running program knows"),
        ("path.open('a', encoding='utf-8', newline='')", ""),
        ("path.open()", "without its encoding"),
        ("path.read_text()", "without its encoding"),
        ("path.write_text(x, encoding='utf-8')", "ends of lines"),
        ("wave.open(x, 'w')", ""),
        ("write_text(path, 'x')", ""),
        ("subprocess.run(['x'], text=True)", "local encoding"),
        ("subprocess.run(['x'], encoding='utf-8')", ""),
    ],
)
def test_what_the_check_finds(source: str, expected: str) -> None:
    found = problems(source)
    assert (len(found) == 1 and expected in found[0]) if expected else found == []


def test_modules_of_one_system_are_known() -> None:
    """The list is of names that Python has, or had until 3.13."""
    assert sys.stdlib_module_names >= ONE_SYSTEM - {"crypt", "nis", "spwd"}
