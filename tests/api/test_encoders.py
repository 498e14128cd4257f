"""How an encoder is made, judged, loaded and used. The encoder itself is tested in ``tests/deploy``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import sslkit
from sslkit.testing import tiny_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config, with a pre-trained run beside it."""
    config = tiny_study(tmp_path_factory.mktemp("encoders"))
    sslkit.pretrain(config, out=config.parent / "run")
    return config


def test_progress_is_told(study, tmp_path):
    told: list[tuple[int, int, str]] = []
    run = sslkit.pretrain(study, out=tmp_path / "run", report=lambda *words: told.append(words))
    assert told[0][:2] == (0, 2) and told[-1][:2] == (2, 2) and "loss" in told[-1][2]
    told.clear()
    sslkit.evaluate(run, report=lambda *words: told.append(words))
    assert told == [(0, 1, "preparing")]


def test_pretraining_again_goes_on_where_it_stopped(study, tmp_path):
    short = sslkit.pretrain(study, out=tmp_path / "short")
    weights = (short / "encoder.safetensors").read_bytes()
    told: list[tuple[int, int, str]] = []
    assert sslkit.pretrain(study, out=short, report=lambda *words: told.append(words)) == short
    assert (short / "encoder.safetensors").read_bytes() == weights
    assert [words[:2] for words in told] == [(2, 2)]


def test_pretrain_takes_one_data_set(study, tmp_path):
    with pytest.raises(sslkit.SSLKitError, match="has several members"):
        sslkit.pretrain(study, ["grid={budget.steps: [2, 3]}"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_evaluate_returns_what_it_wrote(study):
    path, rows = sslkit.evaluate(study.parent / "run")
    assert path == study.parent / "run" / "result.json"
    assert rows == json.loads(path.read_text(encoding="utf-8"))["rows"]
    assert {row["evaluator"] for row in rows} == {"knn", "geometry"}


def test_load_encoder_and_embed_agree(study, tmp_path):
    encoder = sslkit.load_encoder(str(study.parent / "run"))
    raw = np.random.default_rng(0).normal(size=(9, 3, 33)).astype(np.float32)
    np.save(tmp_path / "x.npy", raw)
    found = sslkit.embed(study.parent / "run", str(tmp_path / "x.npy"), batch_size=9)
    with torch.no_grad():
        assert np.array_equal(found["features"], encoder(torch.from_numpy(raw)).numpy())


@pytest.mark.parametrize("call", [sslkit.evaluate, sslkit.load_encoder])
def test_a_folder_that_is_no_run_is_refused(call, tmp_path):
    with pytest.raises(sslkit.SSLKitError, match="there is no such file"):
        call(tmp_path)
