"""Equal trials for every tuned method, judged on validation, before the comparison: config → the settings chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from statistics import fmean
from typing import Any

from sslkit.assembly import Prepared
from sslkit.comparison.tuning_sampler import need_optuna, propose, startup
from sslkit.config import Experiment, Study, Tuning, label_of, own_value, with_settings
from sslkit.errors import SSLKitError
from sslkit.evaluation.labels import most_labels
from sslkit.files import make_folder, read_json, remove_file, write_json
from sslkit.randomness import derive
from sslkit.running.pools import Task
from sslkit.running.runs import Run, read_result

FOLDER = "tuning"
RunTasks = Callable[[list[Task]], Mapping[str, str]]  # tasks → title of a failed one → why


@dataclass
class _Trial:
    """Settings to try; a ``figure`` or the reason of a failure once it is done."""

    number: int
    settings: Mapping[str, Any]
    folder: Path
    figure: float | None = None
    seconds: float = 0.0
    error: str = ""

    @property
    def done(self) -> bool:
        return self.figure is not None or bool(self.error)

    def to_plain(self) -> dict[str, Any]:
        return {
            "settings": dict(self.settings),
            "figure": self.figure,
            "seconds": self.seconds,
            "error": self.error,
        }


@dataclass
class _Method:
    """A method of a member with its trials so far."""

    prepared: Prepared
    label: str
    tuning: Tuning
    folder: Path
    trials: list[_Trial] = field(default_factory=list)

    @property
    def ranges(self) -> Mapping[str, Any]:
        return self.tuning.ranges[self.label]

    def add(self, number: int) -> None:
        """The trial of that number: as it was begun, or of new settings where there are any left."""
        folder = self.folder / f"{self.label}-trial{number}"
        try:
            found = read_json(folder / "trial.json", "a trial")
            trial = _Trial(number, found["settings"], folder, error=found["error"])
        except (SSLKitError, KeyError, TypeError):
            settings = self._propose(number)
            if settings is None:
                return
            trial = _Trial(number, settings, folder)
            make_folder(folder)
            write_json(folder / "trial.json", {"settings": dict(settings), "error": ""})
        self.read(trial)
        self.trials.append(trial)

    def _propose(self, number: int) -> Mapping[str, Any] | None:
        experiment = self.prepared.experiment
        if number == 0:
            return {
                path: own_value(experiment, self.label, path, self.prepared.registry) for path in self.ranges
            }
        return propose(
            self.ranges,
            number,
            self.tuning.trials,
            derive(self.tuning.seed, "tuning", self.label),
            [trial.settings for trial in self.trials],
            [trial.figure for trial in self.trials],
        )

    def read(self, trial: _Trial) -> None:
        """Take the figure from the disk where the trial is finished: the primary metric, on validation."""
        result = read_result(trial.folder)
        if result is None:
            return
        metric = self.prepared.experiment.evaluation.primary_metric
        trial.figure = fmean(
            row["value"]
            for row in result["rows"]
            if row["metric"] == metric and row["evaluator"] != "geometry"
        )
        trial.seconds = float(result.get("cost", {}).get("seconds", 0.0))
        remove_file(trial.folder / "checkpoint.pt")

    def task(self, trial: _Trial) -> Task:
        experiment, seed = self.prepared.experiment, trial_seed(self.prepared.experiment)
        # the config's own settings are left as they are, None and all
        changed = with_settings(
            experiment, {self.label: trial.settings} if trial.number else {}, self.prepared.registry
        )
        evaluation = experiment.evaluation.model_copy(
            update={"labels_per_class": (_budget(self.prepared),), "draws": 1}
        )
        registry = self.prepared.registry
        linear = [spec for spec in experiment.evaluators if spec.name == "linear"][:1]
        linear = linear or [registry.check("evaluator", "linear", "evaluators", [])]  # type: ignore[list-item]
        changed = replace(
            changed,
            name=f"{experiment.name} · tuning {self.label} {trial.number + 1}/{self.tuning.trials}",
            seeds=(seed,),
            evaluation=evaluation,
            evaluators=tuple(linear),
        )
        specs = (*changed.objectives, *changed.baselines)
        spec = next(spec for spec in specs if label_of(spec) == self.label)
        return Task(changed, Run(spec, seed, judged_on_validation=True), trial.folder)

    def best(self) -> _Trial:
        """The highest figure, of equals the first: the config's own settings stand unless others are better."""
        able = [trial for trial in self.trials if trial.figure is not None]
        if not able:
            raise SSLKitError(
                f"{self.prepared.experiment.name}: no tuning trial of {self.label} came to its end; "
                f"the first: {self.trials[0].error}"
            )
        return max(able, key=lambda trial: trial.figure or 0.0)

    def to_plain(self) -> dict[str, Any]:
        best, own = self.best(), self.trials[0]
        return {
            "ranges": dict(self.ranges),
            "own": dict(own.settings),
            "own_figure": own.figure,
            "chosen": dict(best.settings) if best is not own else {},
            "chosen_trial": best.number,
            "figure": best.figure,
            "seconds": sum(trial.seconds for trial in self.trials),
            "tried": [trial.to_plain() for trial in self.trials],
        }


def check_tuning(study: Study) -> None:
    """Before any work.

    Raises:
        SSLKitError: a study with tuning, and no Optuna.
    """
    if any(experiment.tuning and not experiment.tuned for experiment in study.experiments):
        need_optuna()


def trial_seed(experiment: Experiment) -> int:
    """Of all trials: none of the comparison's own, so that no figure of the comparison was chosen for being lucky."""
    assert experiment.tuning is not None
    seeds = (derive(experiment.tuning.seed, "tuning seed", number) % 2**31 for number in count())
    return next(seed for seed in seeds if seed not in experiment.seeds)


def tune(
    prepared: Sequence[Prepared], folder: Path, run_tasks: RunTasks
) -> tuple[list[Prepared], dict[str, dict[str, Any]]]:
    """Every experiment with its chosen settings, and what the manifest says of how they were chosen.

    Trials of all methods and members run side by side: the first half of each method's at once, the others one after
    another, for their settings follow from the figures before. A finished trial is never repeated.

    Args:
        prepared: the study's experiments; those without ``tuning`` are given back as they are.
        folder: of the comparison; trials lie in ``MEMBER/tuning/METHOD-trialN``.
        run_tasks: runs tasks to their end.

    Raises:
        SSLKitError: a method none of whose trials came to its end.
    """
    methods = [
        _Method(item, label, tuning, folder / item.experiment.name / FOLDER)
        for item in prepared
        if (tuning := item.experiment.tuning) and not item.experiment.tuned
        for label in tuning.ranges
    ]
    for numbers in _rounds(max((method.tuning.trials for method in methods), default=0)):
        _run_round(methods, numbers, run_tasks)
    records = {
        item.experiment.name: dict(item.experiment.tuned) for item in prepared if item.experiment.tuned
    }
    for method in methods:
        record = records.setdefault(method.prepared.experiment.name, _record(method.prepared))
        record["methods"][method.label] = method.to_plain()
    return [_chosen(item, records.get(item.experiment.name)) for item in prepared], records


def _rounds(trials: int) -> Iterator[range]:
    """Numbers of trials that may run at once."""
    first = startup(trials)
    yield range(first)
    for number in range(first, trials):
        yield range(number, number + 1)


def _run_round(methods: Sequence[_Method], numbers: range, run_tasks: RunTasks) -> None:
    waiting: list[tuple[_Method, _Trial, Task]] = []
    for method in methods:
        for number in numbers:
            if number < method.tuning.trials and number == len(method.trials):
                method.add(number)
        waiting += [(method, trial, method.task(trial)) for trial in method.trials if not trial.done]
    failures = run_tasks([task for _, _, task in waiting]) if waiting else {}
    for method, trial, task in waiting:
        method.read(trial)
        if trial.figure is None:
            trial.error = failures.get(task.title, "it left no result")
            write_json(trial.folder / "trial.json", {"settings": dict(trial.settings), "error": trial.error})


def _record(prepared: Prepared) -> dict[str, Any]:
    experiment = prepared.experiment
    assert experiment.tuning is not None
    names = [*experiment.labels, *map(label_of, experiment.baselines)]
    return {
        "trials": experiment.tuning.trials,
        "seed": experiment.tuning.seed,
        "trial_seed": trial_seed(experiment),
        "labels_per_class": _budget(prepared),
        "metric": experiment.evaluation.primary_metric,
        "methods": {},
        "not_tuned": [name for name in names if name not in experiment.tuning.ranges],
    }


def _budget(prepared: Prepared) -> int | str:
    return most_labels(prepared.experiment.evaluation.labels_per_class, prepared.splits.train.y)


def _chosen(prepared: Prepared, record: Mapping[str, Any] | None) -> Prepared:
    if record is None:
        return prepared
    settings = {label: method["chosen"] for label, method in record["methods"].items()}
    return replace(prepared, experiment=with_settings(prepared.experiment, settings, prepared.registry))
