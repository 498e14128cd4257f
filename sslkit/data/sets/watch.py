"""The ``watch`` set that seglearn carries."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from einops import rearrange

from sslkit.data.samples import WindowSamples
from sslkit.data.sets.packages import package_file
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, DataSource, Part, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

TEST_PEOPLE = (7, 8, 9, 10)
CHANNELS = {"ax": "accelerometer x", "ay": "accelerometer y", "az": "accelerometer z"} | {
    "wx": "gyroscope x",
    "wy": "gyroscope y",
    "wz": "gyroscope z",
}


class Watch(DataSource):
    """Smartwatch motion: 6 channels at 50 Hz (accelerometer, gyroscope), 7 shoulder exercises, 10 people (6/4
    split).

    Carried by the package seglearn (BSD-3; Burns et al. 2018, arXiv:1802.01489). Windows never cross a
    recording; groups are people, and no person is in two parts.

    Args:
        length: time steps in a window (128 are 2.56 s).
        stride: time steps from one window's start to the next.

    Raises:
        SSLKitError: the package is not installed.
    """

    def __init__(self, length: Count = 128, stride: Count = 64) -> None:
        self.length, self.stride = length, stride

    def load(self) -> Dataset:
        recorded = _read(package_file("seglearn", "data/watch_dataset.npy", "sslkit[demo]"))
        people, exercises = recorded["subject"], recorded["y"]
        is_test = np.isin(people, TEST_PEOPLE)
        train, test = (
            self._part(recorded["X"], exercises, people, np.flatnonzero(mask)) for mask in (~is_test, is_test)
        )
        channels = tuple(CHANNELS[name] for name in recorded["X_labels"])
        spec = SampleSpec("sensor", (len(channels), self.length), 50.0, channels)
        names = tuple(f"person {number}" for number in range(int(people.max()) + 1))
        return Dataset(spec, train, test, tuple(recorded["y_labels"]), group_names=names)

    def _part(
        self, signals: list[np.ndarray], exercises: np.ndarray, people: np.ndarray, chosen: np.ndarray
    ) -> Part:
        starts, offset = [], 0
        for index in chosen:
            steps = len(signals[index])
            starts.append(np.arange(offset, offset + steps - self.length + 1, self.stride))
            offset += steps
        owner = np.repeat(chosen, [len(s) for s in starts])
        if len(owner) == 0:
            raise SSLKitError(f"watch: no recording has {self.length} time steps. Set a smaller length.")
        recorded = np.concatenate([signals[index] for index in chosen])
        signal = rearrange(recorded, "time channel -> channel time").astype(np.float32)
        samples = WindowSamples(signal, np.concatenate(starts), self.length)
        return Part(samples, exercises[owner].astype(np.int64), people[owner].astype(np.int64))


class _NumpyUnpickler(pickle.Unpickler):
    """Reads arrays of arrays and nothing else: no other class or function is ever looked up."""

    allowed: ClassVar[dict[str, Any]] = {
        "_reconstruct": np.empty(0).__reduce__()[0],
        "scalar": np.float64(0).__reduce__()[0],
        "ndarray": np.ndarray,
        "dtype": np.dtype,
    }

    def find_class(self, module: str, name: str) -> Any:
        if module.partition(".")[0] == "numpy" and name in self.allowed:
            return self.allowed[name]
        if (module, name) == ("_codecs", "encode"):  # how bytes are written by pickle's older protocols
            return _latin_bytes
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a data file")


def _latin_bytes(text: str, encoding: str) -> bytes:
    return text.encode("latin1")


def _read(path: Path) -> dict[str, Any]:
    """The dictionary in an ``.npy`` file of one object."""
    layout: Any = np.lib.format  # which numpy leaves untyped
    try:
        with path.open("rb") as file:
            layout.read_magic(file)
            layout.read_array_header_1_0(file)
            content: dict[str, Any] = _NumpyUnpickler(file, encoding="latin1").load().item()
            return content
    except (OSError, EOFError, ValueError, AttributeError, pickle.UnpicklingError) as error:
        raise SSLKitError(f"{path} cannot be read ({error}). Install seglearn again.") from error


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("watch", Watch)
