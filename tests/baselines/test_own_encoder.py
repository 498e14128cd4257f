"""An encoder of the user's own: a run's folder or TorchScript, refused in a line where it does not fit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from sslkit.assembly import Prepared, prepare
from sslkit.config import parse_study
from sslkit.errors import ConfigError, SSLKitError
from sslkit.plugins import load_registry
from sslkit.running.evaluate import evaluate_encoder
from tests.conftest import tiny


def prepared_with(signals: Path, path: object) -> Prepared:
    registry, _ = load_registry()
    config = {**tiny(signals), "baselines": [{"name": "encoder", "path": str(path), "label": "ours"}]}
    return prepare(parse_study(config, [], registry).experiments[0], registry)


def rows(prepared: Prepared) -> list:
    (spec,) = prepared.experiment.baselines
    return list(prepared.registry.build(spec).run(prepared, 0, lambda *_: None))


class Moments(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x.mean(-1), x.std(-1), x.diff(dim=-1).abs().mean(-1)], dim=1)


def scripted(path: Path, module: nn.Module) -> Path:
    torch.jit.script(module).save(str(path))
    return path


@pytest.fixture
def shape(signals) -> tuple[int, ...]:
    registry, _ = load_registry()
    return prepare(parse_study(tiny(signals), [], registry).experiments[0], registry).dataset.spec.shape


def test_folder_of_a_run_gives_the_figures_of_its_encoder(signals, tmp_path):
    registry, _ = load_registry()
    plain = prepare(parse_study(tiny(signals), [], registry).experiments[0], registry)
    encoder = plain.encoder(plain.backbone(0))
    (tmp_path / "run").mkdir()
    encoder.save(tmp_path / "run")
    expected = [
        row for row in evaluate_encoder(plain, encoder, 0).rows if row["evaluator"] in ("linear", "knn")
    ]
    found = [
        row for row in rows(prepared_with(signals, tmp_path / "run")) if row["evaluator"] in ("linear", "knn")
    ]
    assert found == expected


def test_torchscript_sees_decoded_samples(signals, tmp_path):
    """Its figures are those of scikit-learn on the same features, computed by numpy."""
    from sslkit.running.evaluate import parts, rows_of

    prepared = prepared_with(signals, scripted(tmp_path / "ours.pt", Moments()))
    features = {}
    for name, part in parts(prepared).items():
        x = part.x[np.arange(len(part))].numpy()
        moments = [x.mean(-1), x.std(-1, ddof=1), np.abs(np.diff(x)).mean(-1)]
        features[name] = np.concatenate(moments, axis=1).astype(np.float32)
    for ours, other in zip(rows(prepared), rows_of(prepared, features, 0), strict=True):
        assert ours["value"] == pytest.approx(other["value"], abs=0.02)
    best = [
        r["value"] for r in rows(prepared) if r["labels_per_class"] == "all" and r["metric"] == "accuracy"
    ]
    assert max(best) > 0.8  # two frequencies of sine: easy


class Vector(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean((-1, -2))


class NotANumber(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean(-1) / 0.0


class OneBatchSize(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.reshape(3, -1)


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (Vector(), "expected \\(B, D\\)"),
        (NotANumber(), "NaN or infinite"),
        (OneBatchSize(), "expected \\(B, D\\)"),
        (nn.Linear(7, 2), "cannot take 3 samples"),
    ],
)
def test_what_is_no_encoder_is_refused_before_training(signals, tmp_path, module, words):
    with pytest.raises(ConfigError, match=words) as error:
        prepared_with(signals, scripted(tmp_path / "ours.pt", module))
    assert "baselines.ours" in str(error.value)


def test_a_missing_file_and_one_of_another_kind_are_refused(signals, tmp_path):
    with pytest.raises(ConfigError, match="there is no such file"):
        prepared_with(signals, tmp_path / "nowhere.pt")
    (tmp_path / "text.pt").write_text("no network")
    with pytest.raises(ConfigError, match="no TorchScript file"):
        prepared_with(signals, tmp_path / "text.pt")


def test_an_encoder_of_other_samples_is_refused(signals, tmp_path):
    registry, _ = load_registry()
    plain = prepare(parse_study(tiny(signals), [], registry).experiments[0], registry)
    plain.encoder(plain.backbone(0)).save(tmp_path)
    card = json.loads((tmp_path / "encoder.json").read_text())
    card["sample"]["rate_hz"] = 12.5
    (tmp_path / "encoder.json").write_text(json.dumps(card))
    with pytest.raises((ConfigError, SSLKitError), match="rate_hz"):
        prepared_with(signals, tmp_path)


def test_two_encoders_need_labels(signals, tmp_path):
    registry, _ = load_registry()
    path = str(scripted(tmp_path / "ours.pt", Moments()))
    with pytest.raises(ConfigError, match="label"):
        config = {**tiny(signals), "baselines": [{"name": "encoder", "path": path}] * 2}
        parse_study(config, [], registry)
