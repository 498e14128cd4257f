"""MiniRocket: thousands of fixed convolutions and a linear probe, the bar for time series."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
import torch
from pydantic import Field

from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Baseline, Part, ReportProgress

if TYPE_CHECKING:
    from sslkit.assembly import Prepared
    from sslkit.evaluation.features import ResultRows
    from sslkit.registry import Registry

SHORTEST = 9  # a kernel's length


class MiniRocket(Baseline):
    """Proportions of positive values of a window's convolutions with fixed kernels of many dilations.

    Without labels and without a network, yet close to the best classifiers of time series. Kernels' thresholds are
    taken from the training part after the front end; the evaluators are those of the encoders. For sensor windows of
    at least 9 samples. A window takes 4 bytes a kernel: 100,000 windows with 10,000 kernels are 4 GB.

    Args:
        kernels: convolutions, rounded down to a multiple of 84; the paper's 10,000 by default.

    Raises:
        SSLKitError: by ``check``, aeon is not installed, or the data are no sensor windows, or too short.

    Source: Dempster, Schmidt & Webb 2021, arXiv 2012.08791, by aeon. Needs ``pip install "sslkit[aeon]"``.
    """

    reads: ClassVar = ("frontend",)

    def __init__(self, kernels: Annotated[int, Field(ge=84)] = 10_000) -> None:
        self.kernels = kernels

    def check(self, prepared: Prepared) -> None:
        spec = prepared.frontend.out_spec
        if find_spec("aeon") is None:
            raise SSLKitError('minirocket needs the aeon library: pip install "sslkit[aeon]"')
        if spec.modality != "sensor" or len(spec.shape) != 2:
            raise SSLKitError(
                f"minirocket is for sensor windows (C, T), these are {spec.modality} {spec.shape}"
            )
        if spec.shape[1] < SHORTEST:
            raise SSLKitError(f"minirocket needs windows of {SHORTEST} samples, these have {spec.shape[1]}")

    def run(self, prepared: Prepared, seed: int, report: ReportProgress) -> ResultRows:
        """Rows of the same evaluators as a trained encoder's."""
        from aeon.transformations.collection.convolution_based import MiniRocket as Convolutions

        from sslkit.running.evaluate import parts, rows_of

        report(0, 2, "convolving")
        windows = {name: _windows(prepared, part) for name, part in parts(prepared).items()}
        convolutions = Convolutions(self.kernels, n_jobs=torch.get_num_threads(), random_state=seed)
        convolutions.fit(windows["train"])
        features = {
            name: np.asarray(convolutions.transform(x), dtype=np.float32) for name, x in windows.items()
        }
        report(1, 2, "evaluating")
        return rows_of(prepared, features, seed)


@torch.no_grad()
def _windows(prepared: Prepared, part: Part, size: int = 256) -> np.ndarray:
    """Windows ``(N, C, T)`` after the front end, missing values filled."""
    spec = prepared.dataset.spec
    pieces = [
        spec.fill(prepared.frontend(spec.decode(part.x[np.arange(start, min(start + size, len(part)))])))
        for start in range(0, len(part), size)
    ]
    return torch.cat(pieces).float().numpy()


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("minirocket", MiniRocket)
