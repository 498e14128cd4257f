"""Every JSON file of a run, edited at random places."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RUN = "tiny/simclr-seed0"
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {  # file → what reads it; "" is the comparison's folder
    "manifest.json": (("report", ""), ("reproduce", "", "--runs", "random-*")),
    "tiny/spec.json": (("report", ""),),
    f"{RUN}/result.json": (("report", ""),),
    "tiny/random-seed0/result.json": (("report", ""),),
    f"{RUN}/run.json": (("evaluate", RUN),),
    f"{RUN}/encoder.json": (("evaluate", RUN), ("embed", RUN)),
}
ODD = [
    None, True, -1, 0, 0.5, 10**400, 2**63, 1e308, float("nan"), float("inf"), "", "x" * 5000, "../..", "/etc/passwd",
    "\ud800", "=1+1", "<script>", [], [None], [[]], {}, {"a": {}}, [10**9, 10**9],
]  # fmt: skip
KEYS = ["", "../x", "a" * 300, "\0", "name"]


def places(content: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    items = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    for key, value in items:
        yield from places(value, (*place, key))


def edit(content: Any, data: st.DataObject) -> None:
    *path, last = data.draw(st.sampled_from(list(places(content))[1:]), "place")
    for key in path:
        content = content[key]
    kind = data.draw(st.sampled_from(("replace", "replace", "delete", "double", "rename")), "kind")
    if kind == "delete":
        del content[last]
    elif kind == "double" and isinstance(content, list):
        content.append(content[last])
    elif kind == "rename" and isinstance(content, dict):
        content[data.draw(st.sampled_from(KEYS))] = content.pop(last)
    else:
        content[last] = data.draw(st.sampled_from(ODD), "value")


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=300, deadline=30_000, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_edits(data: st.DataObject, study: Path, called: Callable[..., str]) -> None:
    name = data.draw(st.sampled_from(list(COMMANDS)), "file")
    command, *rest = data.draw(st.sampled_from(COMMANDS[name]), "command")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(study / "run", Path(folder) / "run"))
        content = json.loads((copy / name).read_text(encoding="utf-8"))
        for _ in range(data.draw(st.sampled_from((1, 1, 2)), "edits")):
            edit(content, data)
        (copy / name).write_text(json.dumps(content), encoding="utf-8")
        more = [study / "signals.npz", "-o", Path(folder) / "x.npz"] if command == "embed" else rest[1:]
        called(command, copy / rest[0], *more)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "{", "", "null", "\xff\x00"])
def test_what_is_no_json_object(
    name: str, text: str, study: Path, called: Callable[..., str], tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(study / "run", tmp_path / "run"))
    (copy / name).write_bytes(text.encode("latin-1"))
    for command, *rest in COMMANDS[name]:
        more = [study / "signals.npz", "-o", tmp_path / "x.npz"] if command == "embed" else rest[1:]
        message = called(command, copy / rest[0], *more)
        assert message.startswith("error: ") and Path(name).name in message
