"""Names are taken or refused alike on all systems; Windows' own rules are the reference where it is there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sslkit.config import as_folder_name, parse_study
from sslkit.config.folder_names import LONGEST_RUN
from sslkit.errors import ConfigError
from sslkit.plugins import load_registry

REFUSED = {
    "a:b": "it holds a :",
    "a*": r"it holds a \*",
    "what?": r"it holds a \?",
    "<b>": "it holds a <",
    "a|b": r"it holds a \|",
    'say "x"': 'it holds a "',
    "a\\b": r"it holds a \\",
    "ends.": "it ends in a dot or a space",
    "ends ": "it ends in a dot or a space",
    "con": "it is a device's name",
    "NUL": "it is a device's name",
    "aux.byol": "it is a device's name",
    "Com1 .x": "it is a device's name",
    "LPT²": "it is a device's name",
}
TAKEN = [
    "batch_size=32,strength=0.5", "watch,learning_rate=1e-05", "without one-of jitter+scaling", "BYOL (τ = 0.99)",
    "console", "com", "com10", "nul-seed", ".hidden", "a.b", "größe", "50%", "a'b", "x&y", "50 % of labels",
]  # fmt: skip


def parse(content: dict[str, Any], recorded: bool = False) -> Any:
    return parse_study(
        {"data": "watch", "name": "study", **content}, [], load_registry()[0], recorded=recorded
    )


def places(name: str) -> list[dict[str, Any]]:
    """Wherever a name becomes a folder's."""
    return [
        {"name": name},
        {"suite": {name: {"seeds": [0]}}},
        {"objectives": [{"name": "byol", "label": name}]},
        {"baselines": [{"name": "random", "label": name}]},
    ]


@pytest.mark.parametrize(("name", "reason"), REFUSED.items())
def test_what_windows_refuses_is_refused_everywhere(name: str, reason: str) -> None:
    for content in places(name):
        with pytest.raises(ConfigError, match=f"cannot be a folder's name on Windows: {reason}"):
            parse(content)
        parse(content, recorded=True)  # an old folder of results stays readable


@pytest.mark.parametrize("name", TAKEN)
def test_what_every_system_takes(name: str, tmp_path: Path) -> None:
    for content in places(name):
        parse(content)
    (tmp_path / name).mkdir()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert as_folder_name(name) == name


@pytest.mark.skipif(os.name != "nt", reason="asks Windows itself")
@pytest.mark.parametrize("name", REFUSED)
def test_windows_refuses_or_changes_it(name: str, tmp_path: Path) -> None:
    try:
        (tmp_path / name).mkdir()
    except OSError:
        return
    assert [path.name for path in tmp_path.iterdir()] != [name]


@pytest.mark.parametrize("pair", [("byol", "BYOL"), ("größe", "gro\u0308ße"), ("straße", "STRASSE")])
def test_labels_that_share_a_folder_on_some_systems(pair: tuple[str, str]) -> None:
    content = {"objectives": [{"name": "byol", "label": pair[0]}, {"name": "simclr", "label": pair[1]}]}
    with pytest.raises(ConfigError, match="only in what Windows and macOS take for one"):
        parse(content)
    parse(content, recorded=True)


def test_folders_of_runs_leave_room_for_the_rest_of_a_path() -> None:
    room = LONGEST_RUN - len("/-seed2147483647")
    label = "l" * 60
    fits = {"suite": {"m" * (room - 60): {"objectives": [{"name": "byol", "label": label}]}}}
    parse({**fits, "baselines": []})
    too_long = {"suite": {"m" * (room - 59): {"objectives": [{"name": "byol", "label": label}]}}}
    with pytest.raises(
        ConfigError, match=f"folders of {LONGEST_RUN + 1} letters; Windows has room for {LONGEST_RUN}"
    ):
        parse({**too_long, "baselines": []})
    parse(too_long, recorded=True)


def test_all_problems_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"name": "a:b", "objectives": [{"name": "byol", "label": "nul"}], "seeds": []})
    assert [problem.path for problem in caught.value.problems] == ["seeds", "name", "objectives.nul"]


def test_names_are_mapped_where_they_are_made() -> None:
    assert as_folder_name('only acme:shift/2 "*"') == "only acme-shift-2 ---"


@pytest.mark.parametrize("name", ["results.csv", "Report.HTML", "data_card.md", ".lock", "manifest.json"])
def test_names_of_files_that_are_written_beside(name: str) -> None:
    for content in places(name):
        with pytest.raises(ConfigError, match="is the name of a file that sslkit writes"):
            parse(content)
        parse(content, recorded=True)
