"""The manifest's schema holds for what is written, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sslkit.records import Manifest, read_record

ABLATION = {"of": "tiny", "kind": "ablation", "values": {"change": "without", "augmentation": "jitter"}}


def test_a_manifest_of_today(compared: Path) -> None:
    found = read_record(compared / "manifest.json", Manifest)
    assert found["format"] == Manifest.written
    assert list(found["members"]) == ["tiny"]


def set_at(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        set_at("members", value=[]),
        set_at("members", value={"../thesis": {"data": {"name": "a", "fingerprint": "b"}}}),
        set_at("members", "tiny", value={}),
        set_at("members", "tiny", "data", "fingerprint", value=3),
        set_at("members", "tiny", "classes", value=[1, 2]),
        set_at("members", "tiny", "splits", "train", value="32"),
        set_at("members", "tiny", "budget", "epochs", value=float("nan")),
        set_at("members", "tiny", "shared", value={"byol-seed0": "../../other"}),
        set_at("members", "tiny", "variant", value={**ABLATION, "more": 1}),
        set_at("members", "tiny", "variant", value={**ABLATION, "values": {}}),
        set_at("members", "tiny", "variant", value={**ABLATION, "kind": "other"}),
        set_at("members", "tiny", "guards", value={"findings": [{"text": "a", "examples": [[1]]}]}),
        set_at("members", "tiny", "tuning", value={"methods": {}}),
        set_at("config", value={"tiny": 3}),
        set_at("seeds", value="0"),
        set_at("seconds", value="long"),
        set_at("plugins", value=[{"name": "a"}]),
        set_at("machine", value={"workers": 10**9}),
        set_at("versions", value=[]),
    ],
)
def test_edits_are_found(change: Callable[[dict[str, Any]], None], compared: Path) -> None:
    content = deepcopy(read_record(compared / "manifest.json", Manifest))
    change(content)
    with pytest.raises(ValidationError):
        Manifest.model_validate(content)


def test_later_versions_may_add_keys(compared: Path) -> None:
    content = read_record(compared / "manifest.json", Manifest)
    Manifest.model_validate({**content, "colour": "blue"})
    content["members"]["tiny"] |= {"colour": "blue", "variant": ABLATION}
    Manifest.model_validate(content)
