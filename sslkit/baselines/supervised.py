"""The same backbone trained with the labels from scratch: what pre-training must beat to be worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sslkit.evaluation.features import Predictions, ResultRows, metric_rows
from sslkit.evaluation.labels import most_labels
from sslkit.finetuning.label_training import LabelTraining, Rates, checked_rates, fit, trials
from sslkit.hookspecs import hookimpl
from sslkit.types import Baseline, Count, LabelBudget, ReportProgress

if TYPE_CHECKING:
    from sslkit.assembly import Prepared
    from sslkit.registry import Registry


class Supervised(Baseline):
    """The same backbone and a linear head trained with labels from scratch, with and without augmentation.

    Both variants start from the seed's initial backbone; every ``1/checks`` of the way the network is judged on the
    validation labels (as many per class as for training), the best state is kept, and the better variant is reported.
    So it gets the labels that the probes get, and no others.

    Args:
        steps: optimiser steps of each variant with all labels; None: as many as pre-training.
        few_label_steps: the same with few labels, at most ``steps``: a hundred samples are seen often enough in them.
        learning_rate: AdamW's peak rate, or several to choose from as well; warm-up over 5 % of the steps, then cosine
            to 0.
        weight_decay: AdamW's.
        batch_size: at most; fewer where there are fewer labels.
        checks: how often the validation part is looked at.
    """

    reads: ClassVar = ("frontend", "backbone", "views", "total_steps", "channels_last")

    def __init__(
        self,
        steps: Count | None = None,
        few_label_steps: Count = 300,
        learning_rate: Rates = 1e-3,
        weight_decay: float = 1e-2,
        batch_size: Count = 128,
        checks: Count = 10,
    ) -> None:
        self.steps, self.few_label_steps = steps, few_label_steps
        self.learning_rate, self.weight_decay = checked_rates(learning_rate, "supervised"), weight_decay
        self.batch_size, self.checks = batch_size, checks

    def run(self, prepared: Prepared, seed: int, report: ReportProgress) -> ResultRows:
        """Rows with evaluator ``end-to-end``."""
        from sslkit.running.evaluate import draws_of, label_task

        y = prepared.splits.test.y
        labelled, rows = (y >= 0).nonzero()[0], ResultRows()
        draws = list(draws_of(prepared, seed))
        total, done = sum(how.steps for draw in draws for how in self._trials(prepared, draw.budget)), 0
        main = (most_labels(prepared.experiment.evaluation.labels_per_class, prepared.splits.train.y), 0)
        for draw in draws:
            task, fits = label_task(prepared, lambda: prepared.backbone(seed), seed, draw), []
            for how in self._trials(prepared, draw.budget):
                words = f"{draw.budget} labels, {'augmented' if how.augmented else 'plain'}"

                def tell(step: int, done: int = done, words: str = words) -> None:
                    report(done + step, total, words)

                fits.append(fit(task, how, tell))
                done += how.steps
            best = max(fits, key=lambda found: found.validation)
            rows += metric_rows("end-to-end", draw, best.scores, y[labelled])
            if (draw.budget, draw.number) == main:
                rows.predictions = Predictions("end-to-end", draw.budget, best.scores, labelled)
        return rows

    def _trials(self, prepared: Prepared, budget: LabelBudget) -> list[LabelTraining]:
        steps = self.steps or prepared.total_steps
        steps = steps if budget == "all" else min(steps, self.few_label_steps)
        return trials(self.learning_rate, steps, self.weight_decay, self.batch_size, self.checks)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("supervised", Supervised)
