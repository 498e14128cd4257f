"""What to change when an encoder collapses: from the run's own settings, not in general."""

from __future__ import annotations

from dataclasses import dataclass

TAUS = (0.9, 0.95, 0.97, 0.99, 0.996)
TARGET_TURNOVERS = 100  # a target that is to follow must be renewed about as often in the whole run


@dataclass(frozen=True)
class RunSettings:
    """What of a run bears on collapse.

    Args:
        optimizer: its name.
        learning_rate: the effective peak rate.
        typical: the range in which that optimiser's rate usually lies.
        batch_size: of a step.
        steps: of the whole run.
        tau: τ₀ of the target, None where there is no target.
        head_norm: whether the heads normalise over the batch (BatchNorm); None where there are no heads.
    """

    optimizer: str
    learning_rate: float
    typical: tuple[float, float]
    batch_size: int
    steps: int
    tau: float | None = None
    head_norm: bool | None = None


def suggested_tau(steps: int) -> float:
    """The τ₀ for a run of so many steps: its target remembers 1 / (1 - τ) steps, about a hundredth of the run.

    The reference has 0.97 for 12,500 steps and 0.996 for 312,000 (arXiv 2006.07733): a shorter memory still.
    """
    fitting = [tau for tau in TAUS if steps * (1 - tau) >= TARGET_TURNOVERS]
    return fitting[-1] if fitting else TAUS[0]


def advice(run: RunSettings) -> str:
    """What is unusual in the run's settings, each with what to try; then what is left."""
    said = []
    low, high = run.typical
    if run.learning_rate > high:
        said.append(
            f"The learning rate {run.learning_rate:.3g} is above what {run.optimizer} takes ({low:g} to {high:g}): "
            f"try {high / 3:.2g}."
        )
    else:
        said.append(
            f"Try a third of the learning rate ({run.learning_rate / 3:.2g}; {run.optimizer} takes {low:g} to "
            f"{high:g})."
        )
    if run.tau is not None:
        said.append(_tau_advice(run.tau, run.steps))
    if run.head_norm is False:
        said.append("The heads have no BatchNorm, without which targets collapse easily: switch it on.")
    if run.batch_size < 32:
        said.append(f"{run.batch_size} samples give poor batch statistics: try 64 or more.")
    said.append("More warm-up, and views that leave the samples recognisable, help too.")
    return " ".join(text for text in said if text)


def _tau_advice(tau: float, steps: int) -> str:
    good = suggested_tau(steps)
    if tau >= 1:
        return f"With tau = 1 the target never moves: try {good:g}."
    if tau <= 0:
        return f"With tau = 0 there is no slow target: try {good:g}."
    if tau > good:
        return (
            f"tau = {tau:g} makes the target an average over some {1 / (1 - tau):.0f} steps of a run of {steps}: "
            f"try {good:g}."
        )
    if tau < TAUS[0]:
        return f"tau = {tau:g} gives the target hardly any memory: try {good:g}."
    return ""
