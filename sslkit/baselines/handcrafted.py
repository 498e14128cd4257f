"""The field's simple features, without any learning of features."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sslkit.hookspecs import hookimpl
from sslkit.types import Baseline, Part, ReportProgress

if TYPE_CHECKING:
    from sslkit.assembly import Prepared
    from sslkit.evaluation.features import ResultRows
    from sslkit.registry import Registry


class Handcrafted(Baseline):
    """The modality's simple features: pixels; statistics and spectrum; or mean and spread of log-mel."""

    reads: ClassVar = ()

    def run(self, prepared: Prepared, seed: int, report: ReportProgress) -> ResultRows:
        """Rows of the same evaluators as a trained encoder's."""
        from sslkit.running.evaluate import parts, rows_of

        report(0, 1, "evaluating")
        features = {name: self._features(prepared, part) for name, part in parts(prepared).items()}
        return rows_of(prepared, features, seed)

    def _features(self, prepared: Prepared, part: Part, size: int = 256) -> np.ndarray:
        spec = prepared.dataset.spec
        pieces = [
            prepared.modality.handcrafted(
                spec.decode(part.x[np.arange(start, min(start + size, len(part)))]), spec
            )
            for start in range(0, len(part), size)
        ]
        features: np.ndarray = np.concatenate([piece.numpy() for piece in pieces])
        return features.astype(np.float32)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("handcrafted", Handcrafted)
