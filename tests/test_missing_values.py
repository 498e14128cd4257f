"""Missing values of sensor windows from the file to the features."""

import numpy as np
import pytest
import torch
import yaml

import sslkit
from sslkit.assembly import prepare
from sslkit.config import parse_study
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry


@pytest.fixture
def windows(tmp_path):
    random = np.random.default_rng(0)
    x = random.normal(3.0, 2.0, (80, 3, 64)).astype(np.float32)
    y = np.arange(80) % 2
    x[y == 1] += np.sin(np.arange(64) / 3).astype(np.float32)
    x[::3, 1, 10:20] = np.nan
    path = tmp_path / "windows.npz"
    np.savez(path, X_train=x[:60], y_train=y[:60], X_test=x[60:], y_test=y[60:])
    return path


def content(path, **data):
    return {
        "data": {"name": "arrays", "path": str(path), "modality": "sensor", **data},
        "backbone": {"name": "resnet1d", "width": 4},
        "objectives": ["simclr"],
        "training": {"batch_size": 16, "device": "cpu"},
        "budget": {"steps": 2},
        "evaluation": {"labels_per_class": ["all"], "draws": 1},
        "baselines": ["random", "handcrafted"],
        "seeds": [0],
    }


def prepared(plain):
    registry, _ = load_registry()
    return prepare(parse_study(plain, [], registry).experiments[0], registry)


def test_statistics_leave_missing_values_out(windows):
    item = prepared(content(windows, missing="keep"))
    part = item.splits.train
    values = part.x[np.arange(len(part))].double()
    assert values.isnan().any()
    torch.testing.assert_close(
        item.frontend.mean.flatten().double(), values.transpose(0, 1).flatten(1).nanmean(1)
    )
    spread = np.nanstd(values.transpose(0, 1).flatten(1).numpy(), axis=1)
    torch.testing.assert_close(item.frontend.std.flatten().double(), torch.from_numpy(spread))


def test_views_carry_nan_and_end_without(windows):
    item = prepared(content(windows, missing="keep"))
    batch = item.splits.train.x[np.arange(16)]
    views = item.views(0, 2)
    assert all(view.isfinite().all() for view in views(batch, 0))
    pointwise = prepared({**content(windows, missing="keep"), "views": [{"name": "jitter", "sigma": 0.1}]})
    (view, _) = pointwise.views(0, 2)(batch, 0)
    assert torch.equal(view == 0, batch.isnan())


def test_a_whole_comparison_and_its_encoder(windows, tmp_path):
    config = tmp_path / "windows.yaml"
    config.write_text(yaml.safe_dump(content(windows, missing="keep")))
    sslkit.compare(config, out=tmp_path / "run", quiet=True)
    (cell,) = (tmp_path / "run").glob("*/simclr-seed0")
    encoder = sslkit.load_encoder(cell)
    x = torch.randn(4, 3, 64)
    x[0, 0, :5] = torch.nan
    assert encoder(x).isfinite().all()


def test_without_keep_they_are_refused(windows):
    with pytest.raises(SSLKitError, match="missing: interpolate, zero or keep"):
        prepared(content(windows))


def test_keep_is_for_sensors(tmp_path):
    np.savez(tmp_path / "a.npz", X_train=np.zeros((4, 8, 8), np.uint8), y_train=[0, 1, 0, 1])
    with pytest.raises(SSLKitError, match="keep is for sensor windows"):
        prepared(
            content(tmp_path / "a.npz", missing="keep")
            | {
                "data": {
                    "name": "arrays",
                    "path": str(tmp_path / "a.npz"),
                    "modality": "image",
                    "missing": "keep",
                }
            }
        )
