"""What each part allows but the whole does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sslkit.config.experiment import Experiment, label_of
from sslkit.config.folder_names import check_folder_name
from sslkit.errors import Problem, did_you_mean

RESERVED = {"geometry", "end-to-end"}  # figures in the results that are no evaluator's
LABEL_ADVICE = "Give one of them a label: {name: …, label: …}."


def inconsistencies(experiment: Experiment, prefix: str) -> list[Problem]:
    """All that is wrong with an experiment whose parts are each good; ``prefix`` stands before every path."""
    found = [
        *_of_budget(experiment),
        *_of_methods(experiment),
        *_of_overrides(experiment),
        *_of_seeds(experiment),
        *_of_evaluation(experiment),
        *_of_pieces(experiment),
    ]
    return [replace(problem, path=f"{prefix}{problem.path}") for problem in found]


def _of_budget(experiment: Experiment) -> Iterator[Problem]:
    if experiment.budget.epochs is not None and experiment.budget.steps is not None:
        yield Problem("budget", "gives both epochs and steps", "Keep one, e.g. budget={steps: 500}.")


def _of_methods(experiment: Experiment) -> Iterator[Problem]:
    """A method's label is a folder's name and its place in the results."""
    names = [*experiment.labels, *map(label_of, experiment.baselines)]
    for name in _repeated(names):
        yield Problem("objectives", f"two methods are called '{name}'", LABEL_ADVICE)
    problems: list[Problem] = []
    for name in names:
        kind = "objectives" if name in experiment.labels else "baselines"
        check_folder_name(name, kind, problems)
    yield from problems


def _of_overrides(experiment: Experiment) -> Iterator[Problem]:
    for label in experiment.overrides:
        if label not in experiment.labels:
            advice = did_you_mean(label, experiment.labels)
            yield Problem(f"overrides.{label}", "there is no such objective", advice)


def _of_seeds(experiment: Experiment) -> Iterator[Problem]:
    for field in ("seeds", "objectives"):
        if not getattr(experiment, field):
            yield Problem(field, "is empty", "Give at least one.")
    if len(set(experiment.seeds)) != len(experiment.seeds):
        yield Problem("seeds", "names one seed twice")
    if any(not 0 <= seed < 2**31 for seed in experiment.seeds):
        yield Problem("seeds", "a seed is a whole number from 0 to 2147483647")


def _of_evaluation(experiment: Experiment) -> Iterator[Problem]:
    budgets, place = experiment.evaluation.labels_per_class, "evaluation.labels_per_class"
    if not budgets:
        yield Problem(place, "is empty", "Give label budgets, e.g. [10, all].")
    if len(set(budgets)) != len(budgets):
        yield Problem(place, "names one budget twice")
    evaluators = [label_of(spec) for spec in experiment.evaluators]
    for name in _repeated(evaluators):
        yield Problem("evaluators", f"names one evaluator twice: '{name}'", LABEL_ADVICE)
    for name in sorted(RESERVED & set(evaluators)):
        yield Problem("evaluators", f"'{name}' is the name of other figures in the results")


def _of_pieces(experiment: Experiment) -> Iterator[Problem]:
    """The pieces into which accumulation cuts a batch."""
    batch, pieces = experiment.training.batch_size, experiment.training.accumulate
    if batch % pieces:
        yield Problem("training.accumulate", "does not divide training.batch_size")
    elif batch // pieces < 2:
        yield Problem("training.accumulate", "leaves pieces of one sample, which have no batch statistics")


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
