"""Advice against collapse for a run of a comparison."""

from __future__ import annotations

from torch import nn

from sslkit.assembly import Prepared
from sslkit.config import label_of
from sslkit.evaluation.advice import RunSettings, advice
from sslkit.types import ComponentSpec, Objective

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.SyncBatchNorm)


def collapse_advice(prepared: Prepared, spec: ComponentSpec, objective: Objective) -> str:
    """What to change if this objective collapses with this optimiser, batch size and length.

    Args:
        prepared: the experiment.
        spec: the objective's.
        objective: an instance; ``tau`` is read where it has one, and its modules besides backbones are its heads.
    """
    training = prepared.experiment.training
    optimizer_spec = prepared.experiment.component_for(label_of(spec), "optimizer")
    optimizer = prepared.registry.build(optimizer_spec)
    heads = [module for name, module in objective.named_children() if "backbone" not in name]
    tau = getattr(objective, "tau", None)
    return advice(
        RunSettings(
            optimizer_spec.name,
            optimizer.effective_learning_rate(training.batch_size),
            optimizer.typical,
            training.batch_size,
            prepared.total_steps,
            float(tau) if isinstance(tau, int | float) else None,
            any(isinstance(m, NORMS) for head in heads for m in head.modules()) if heads else None,
        )
    )
