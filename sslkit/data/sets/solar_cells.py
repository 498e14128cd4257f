"""The ``solar_cells`` set that elpv-dataset carries."""

from __future__ import annotations

import csv
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.pictures.picture_files import read_picture
from sslkit.data.samples import FileSamples
from sslkit.data.sets.packages import package_file
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, DataSource, Note, Part, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

BLOCK = 41  # neighbouring cells, so that those of one module mostly stay together
TEST_EVERY = 4


class SolarCells(DataSource):
    """Solar cells under electroluminescence: grey, defective or not, 2,624 cells, split by blocks of 41
    neighbours.

    Carried by the package elpv-dataset (Buerhop-Lutz et al. 2018), under CC BY-NC-SA 4.0: for evaluation, not
    for commercial use. A cell is called defective where the experts gave it a probability of 1/2 or more.
    Classes are unequal (about 69:31): look at balanced accuracy.

    Args:
        size: side of the square image (the originals have 300).
        workers: threads that decode.

    Raises:
        SSLKitError: the package is not installed.
    """

    def __init__(self, size: Count = 96, workers: Count = 4) -> None:
        self.size, self.workers = size, workers

    def load(self) -> Dataset:
        listing = package_file("elpv_dataset", "data/labels.csv", "elpv-dataset")
        with listing.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file, delimiter=" ", skipinitialspace=True))
        paths = [listing.parent / row[0] for row in rows]
        missing = [path for path in paths if not path.is_file()]
        if missing:
            raise SSLKitError(
                f"{missing[0]} is not there. Install it again: pip install --force-reinstall elpv-dataset"
            )
        y = np.array([float(row[1]) >= 0.5 for row in rows]).astype(np.int64)
        groups = np.arange(len(paths)) // BLOCK
        is_test = groups % TEST_EVERY == TEST_EVERY - 1
        shape = (1, self.size, self.size)
        decode = partial(read_picture, mode="grey", size=self.size)
        train, test = (
            Part(
                FileSamples([paths[i] for i in np.flatnonzero(mask)], decode, shape, self.workers),
                y[mask],
                groups[mask],
            )
            for mask in (~is_test, is_test)
        )
        spec = SampleSpec("image", shape, scale=1 / 255)
        notes = (Note("Licence CC BY-NC-SA 4.0: evaluation only, not for commercial use."),)
        names = tuple(f"cells {first + 1} to {first + BLOCK}" for first in range(0, len(paths), BLOCK))
        return Dataset(spec, train, test, ("intact", "defective"), notes, names)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("solar_cells", SolarCells)
