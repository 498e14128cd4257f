import pickle
from pathlib import Path

import numpy as np
import pytest

from sslkit.data.sets.packages import package_file
from sslkit.data.sets.watch import TEST_PEOPLE, Watch, _read
from sslkit.errors import SSLKitError


def test_the_windows() -> None:
    dataset = Watch().load()
    train, test = dataset.train, dataset.test
    assert test is not None and dataset.spec.shape == (6, 128) and dataset.spec.rate_hz == 50
    assert dataset.spec.channels[0] == "accelerometer x" and len(dataset.class_names) == 7
    assert train.groups is not None and test.groups is not None
    assert set(test.groups) == set(TEST_PEOPLE) and not set(train.groups) & set(test.groups)
    assert set(train.y) == set(test.y) == set(range(7))
    gravity = train.x[np.arange(200)][:, :3].mean(-1).norm(dim=1)
    assert 0.7 < gravity.mean() < 1.3, "the accelerometer's mean is gravity, in g"


def test_the_windows_are_those_of_the_recordings() -> None:
    dataset = Watch(length=100, stride=30).load()
    recorded = np.load(
        package_file("seglearn", "data/watch_dataset.npy", ""), allow_pickle=True
    ).item()  # our own test may
    expected, people = [], []
    for signal, person in zip(recorded["X"], recorded["subject"], strict=True):
        if person not in TEST_PEOPLE:
            starts = range(0, len(signal) - 99, 30)
            expected += [signal[s : s + 100].T for s in starts]
            people += [person] * len(starts)
    got = dataset.train.x[np.arange(len(dataset.train))].numpy()
    np.testing.assert_allclose(got, np.stack(expected), rtol=1e-5, atol=1e-6)
    assert dataset.train.groups is not None and dataset.train.groups.tolist() == people


def test_too_long_a_window() -> None:
    with pytest.raises(SSLKitError, match="Set a smaller length"):
        Watch(length=10**6).load()


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("a data file ran code",)


@pytest.mark.parametrize("content", [_Bomb(), np.random.default_rng(0)])
def test_other_objects_are_refused(
    tmp_path: Path, content: object, capsys: pytest.CaptureFixture[str]
) -> None:
    np.save(tmp_path / "x.npy", np.array({"X": content}, dtype=object), allow_pickle=True)
    with pytest.raises(SSLKitError, match="is not allowed"):
        _read(tmp_path / "x.npy")
    assert capsys.readouterr().out == ""


def test_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "x.npy").write_bytes(pickle.dumps([1, 2]))
    with pytest.raises(SSLKitError, match="Install seglearn again"):
        _read(tmp_path / "x.npy")
