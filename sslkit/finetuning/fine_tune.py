"""Fine-tuning with the labels of a budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from sslkit.finetuning.label_training import Rates, checked_rates, fit, trials
from sslkit.finetuning.layers import Policy
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, LabelTask, NetworkEvaluator, NonNegative

if TYPE_CHECKING:
    from sslkit.registry import Registry


class FineTune(NetworkEvaluator):
    """The encoder trained on with the labels, under a linear head: all of it, its last block, block by block, or none.

    As the supervised baseline, from the encoder's weights: every learning rate is tried without and with augmentation,
    each network is judged ``checks`` times on the validation labels (as many per class as for training), and the best
    of all states answers. So it has as many trials as the baseline with as many learning rates, sees the same batches,
    and no other labels. Blocks that are not updated stay in eval mode.

    Args:
        policy: ``all`` blocks from the first step on; the ``last-block`` only; ``gradual``: first the head, then one
            more block from the last to the first, all in the second half of the steps; ``frozen``: the head only.
        layer_decay: a block learns at this share of the rate of the layer above it; the head has the full one.
        steps: optimiser steps of each trial.
        learning_rate: AdamW's peak rate of the head, or several to choose from; warm-up over 5 % of the steps, then
            cosine to 0.
        weight_decay: AdamW's.
        batch_size: at most; fewer where there are fewer labels.
        checks: how often the validation part is looked at.

    Raises:
        SSLKitError: no learning rate, or one with which training diverges at once.

    Source: gradual unfreezing by Howard & Ruder 2018 (ULMFiT), arXiv 1801.06146, section 3.3; rates that fall with the
    depth by ELECTRA, arXiv 2003.10555, BEiT, arXiv 2106.08254 and MAE, arXiv 2111.06377.
    """

    def __init__(
        self,
        policy: Policy = "all",
        layer_decay: Annotated[float, Field(gt=0, le=1)] = 0.75,
        steps: Count = 300,
        learning_rate: Rates = 1e-3,
        weight_decay: NonNegative = 1e-2,
        batch_size: Count = 128,
        checks: Count = 10,
    ) -> None:
        self.trials = trials(
            checked_rates(learning_rate, "fine-tune"),
            steps,
            weight_decay,
            batch_size,
            checks,
            policy=policy,
            layer_decay=layer_decay,
        )

    def predict(self, task: LabelTask) -> np.ndarray:
        """Class scores ``(len(task.test), n_classes)`` of the trial that is best on validation, of equals the first."""
        fits = [fit(task, how) for how in self.trials]
        return max(fits, key=lambda found: found.validation).scores


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("fine-tune", FineTune)
