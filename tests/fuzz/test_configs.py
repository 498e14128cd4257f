"""Configs with tags, aliases, odd values and odd bytes, as ``check`` and ``schema`` readers meet them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TAGS = ["!!bool", "!!int", "!!float", "!!timestamp", "!!map", "!!seq", "!!set", "!!binary", "!!omap", "!!null", "!!str",
        "!own", "!!python/object/apply:os.system", "!!merge"]  # fmt: skip
VALUES = [
    "maybe", "''", "nope", "[1]", "{a: 1}", "*a", "&a [*a]", "<<", "~", "1e999", "-0", "0x1F", "1_000", ".nan", ".inf",
    "2026-11-26", "yes", "12:30:45", "9" * 400, "'\\0'", '"\\0"', '"\\ud800"', "|\n  text", "~nobody/x", "/dev/zero",
    "/dev/stdin", "..", "[[[[[[]]]]]]", "? a\n: b", "!!str", "- - -", "\t", "#", "@", "%YAML 9", "---", "...", "\x85",
]  # fmt: skip
BOMB = "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))


@st.composite
def lines(draw: st.DrawFn, whole: list[str]) -> str:
    """The config with some lines changed: a tag, another value, another indentation, doubled, cut off, odd bytes."""
    found = list(whole)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(found) - 1))
        key, colon, value = found[place].partition(":")
        kind = draw(st.sampled_from(("tag", "value", "indent", "double", "cut", "bytes", "extends", "bomb")))
        if kind == "tag":
            value = f" {draw(st.sampled_from(TAGS))} {draw(st.sampled_from([value.strip(), *VALUES]))}"
            found[place] = key + (colon or ":") + value
        elif kind == "value":
            found[place] = f"{key}{colon or ':'} {draw(st.sampled_from(VALUES))}"
        elif kind == "indent":
            found[place] = " " * draw(st.integers(0, 5)) + found[place].lstrip()
        elif kind == "double":
            found.insert(place, found[place])
        elif kind == "cut":
            found = found[: place + 1]
        elif kind == "bytes":
            found[place] += draw(st.text(max_size=8))
        elif kind == "extends":
            found.insert(0, f"extends: {draw(st.sampled_from(VALUES))}")
        else:
            found.insert(0, BOMB)
    return "\n".join(found)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(max_examples=1000, deadline=20_000, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_configs(data: st.DataObject, study: Path, called: Callable[..., str]) -> None:
    text = data.draw(lines((study / "tiny.yaml").read_text(encoding="utf-8").splitlines()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        called("check", path)
