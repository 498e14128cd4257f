"""What a run says of itself."""

from __future__ import annotations

import json

import pytest

from sslkit.deploy.description import read_description
from sslkit.errors import SSLKitError
from tests.golden.files import RESULTS_BEFORE

CONFIG = {"name": "x", "data": {"name": "arrays", "path": "x.npz"}}


def test_config_objective_and_seed(tmp_path):
    written = {
        "config": CONFIG,
        "objective": {"name": "byol"},
        "seed": 3,
        "identity": "0123",
        "sslkit": "0.1.0",
    }
    (tmp_path / "run.json").write_text(json.dumps(written), encoding="utf-8")
    assert read_description(tmp_path) == {"config": CONFIG, "objective": {"name": "byol"}, "seed": 3}


def test_one_of_0_1_is_read():
    found = read_description(RESULTS_BEFORE / "before" / "byol-seed1")
    assert (found["objective"]["name"], found["seed"]) == ("byol", 1)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "3",
        "{}",
        json.dumps({"config": CONFIG}),
        json.dumps({"config": CONFIG, "objective": {}}),
        json.dumps({"config": CONFIG, "seed": 0}),
        json.dumps({"config": {"data": {}}, "objective": {}, "seed": 0}),
        json.dumps({"config": {"data": {"name": 3}}, "objective": {}, "seed": 0}),
        json.dumps({"config": [], "objective": {}, "seed": 0}),
    ],
)
def test_what_is_none_is_refused(content, tmp_path):
    (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(SSLKitError, match="is not a run's description"):
        read_description(tmp_path)


def test_a_folder_without_one(tmp_path):
    with pytest.raises(SSLKitError, match=r"there is no such file; expected a run's description"):
        read_description(tmp_path)
