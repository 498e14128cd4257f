"""The backbone as it was before training: what its architecture alone gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from sslkit.hookspecs import hookimpl
from sslkit.types import Baseline, ReportProgress

if TYPE_CHECKING:
    from sslkit.assembly import Prepared
    from sslkit.registry import Registry


class RandomInit(Baseline):
    """Frozen features of the untrained backbone, from the very weights that the objectives start with.

    On signals random features are often strong (TS-TCC issue 31): a method that does not beat them learnt nothing of
    use.
    """

    reads: ClassVar = ("frontend", "backbone", "views", "channels_last")

    def run(self, prepared: Prepared, seed: int, report: ReportProgress) -> Sequence[Mapping[str, object]]:
        """Rows of the same evaluators as a trained encoder's."""
        from sslkit.running.evaluate import evaluate_encoder

        report(0, 1, "evaluating")
        return evaluate_encoder(prepared, prepared.encoder(prepared.backbone(seed)), seed).rows


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("random", RandomInit)
