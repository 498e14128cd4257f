from pathlib import Path

import numpy as np
import pytest

from sslkit.data.sets.packages import cache_folder, kept_array, package_file, write_arrays
from sslkit.errors import SSLKitError


def test_a_file_of_a_package() -> None:
    assert package_file("numpy", "__init__.py", "numpy") == Path(np.__file__)
    with pytest.raises(SSLKitError, match=r'not installed: pip install "sslkit\[demo\]"'):
        package_file("no_such_package", "data.csv", "sslkit[demo]")
    with pytest.raises(SSLKitError, match="incomplete or of another version"):
        package_file("numpy", "no_such_file", "numpy")


def test_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSLKIT_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"
    monkeypatch.delenv("SSLKIT_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "sslkit"


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 and no more", None])
def test_made_once_and_again_where_it_is_damaged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: bytes | None
) -> None:
    monkeypatch.setenv("SSLKIT_CACHE", str(tmp_path))
    made: list[int] = []

    def make() -> np.ndarray:
        made.append(len(made))
        return np.arange(3) + len(made)

    assert kept_array("set-1", make).tolist() == kept_array("set-1", make).tolist() == [1, 2, 3]
    if damage is None:
        np.savez(tmp_path / "set-1.npz", y=np.arange(3))  # not what was kept
    else:
        (tmp_path / "set-1.npz").write_bytes(damage)
    assert kept_array("set-1", make).tolist() == [2, 3, 4]
    assert kept_array("set-1", make).tolist() == [2, 3, 4] and made == [0, 1]


def test_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep" / "a.npz"
    write_arrays(path, {"x": np.arange(3)})

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(SSLKitError, match=r"a.npz cannot be written: No space left .* SSLKIT_CACHE"):
        write_arrays(path, {"x": np.arange(9)})
    with np.load(path) as kept:
        assert kept["x"].tolist() == [0, 1, 2]
    assert list(path.parent.iterdir()) == [path]
