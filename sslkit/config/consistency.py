"""What each part allows but the whole does not."""

from __future__ import annotations

from sslkit.config.experiment import LONGEST_NAME, Experiment, label_of
from sslkit.errors import Problem, did_you_mean

RESERVED = {"geometry", "end-to-end"}  # figures in the results that are no evaluator's


def check_folder_name(name: object, path: str, problems: list[Problem]) -> None:
    """Results lie in folders named after the study, its members, and its methods and seeds."""
    if (
        not isinstance(name, str)
        or not name.strip()
        or not name.isprintable()
        or "/" in name
        or name in (".", "..")
        or len(name.encode()) > LONGEST_NAME
    ):
        problems.append(Problem(path, f"{str(name)[:80]!r} cannot be a folder's name", "Choose another."))


def consistency(experiment: Experiment, prefix: str) -> list[Problem]:
    problems = []
    if experiment.budget.epochs is not None and experiment.budget.steps is not None:
        problems.append(
            Problem(f"{prefix}budget", "gives both epochs and steps", "Keep one, e.g. budget={steps: 500}.")
        )
    names = [*experiment.labels, *map(label_of, experiment.baselines)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.append(
            Problem(
                f"{prefix}objectives",
                f"two methods are called '{name}'",
                "Give one of them a label: {name: …, label: …}.",
            )
        )
    for label in names:
        kind = "objectives" if label in experiment.labels else "baselines"
        check_folder_name(label, f"{prefix}{kind}", problems)
    for label in experiment.overrides:
        if label not in experiment.labels:
            problems.append(
                Problem(
                    f"{prefix}overrides.{label}",
                    "there is no such objective",
                    did_you_mean(label, experiment.labels),
                )
            )
    for field in ("seeds", "objectives"):
        values = getattr(experiment, field)
        if not values:
            problems.append(Problem(f"{prefix}{field}", "is empty", "Give at least one."))
    if len(set(experiment.seeds)) != len(experiment.seeds):
        problems.append(Problem(f"{prefix}seeds", "names one seed twice"))
    if any(not 0 <= seed < 2**31 for seed in experiment.seeds):
        problems.append(Problem(f"{prefix}seeds", "a seed is a whole number from 0 to 2147483647"))
    budgets = experiment.evaluation.labels_per_class
    if not budgets:
        problems.append(
            Problem(f"{prefix}evaluation.labels_per_class", "is empty", "Give label budgets, e.g. [10, all].")
        )
    if len(set(budgets)) != len(budgets):
        problems.append(Problem(f"{prefix}evaluation.labels_per_class", "names one budget twice"))
    evaluators = [label_of(spec) for spec in experiment.evaluators]
    for name in sorted({name for name in evaluators if evaluators.count(name) > 1}):
        problems.append(
            Problem(
                f"{prefix}evaluators",
                f"names one evaluator twice: '{name}'",
                "Give one of them a label: {name: …, label: …}.",
            )
        )
    for name in sorted(RESERVED & set(evaluators)):
        problems.append(
            Problem(f"{prefix}evaluators", f"'{name}' is the name of other figures in the results")
        )
    if experiment.training.batch_size % experiment.training.accumulate:
        problems.append(Problem(f"{prefix}training.accumulate", "does not divide training.batch_size"))
    elif experiment.training.batch_size // experiment.training.accumulate < 2:
        problems.append(
            Problem(
                f"{prefix}training.accumulate", "leaves pieces of one sample, which have no batch statistics"
            )
        )
    return problems
