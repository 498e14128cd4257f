"""Do the components fit the data? Each is tried once on two samples, and all that does not fit is said at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from torch import Tensor

from sslkit.assembly.prepared import Prepared
from sslkit.config import label_of
from sslkit.errors import ConfigError, Problem, SSLKitError, in_a_line
from sslkit.guards.independence import check_independence
from sslkit.types import ComponentSpec


def check_fit(prepared: Prepared) -> None:
    """Build each part once on two samples; collect what does not fit."""
    problems: list[Problem] = []
    experiment = prepared.experiment
    _check_modalities(prepared, problems)
    attempts: list[tuple[str, Callable[[], object]]] = [
        ("frontend", partial(_try_frontend, prepared)),
        ("backbone", partial(_try_backbone, prepared)),
        ("views", partial(_try_views, prepared)),
        *((f"objectives.{label_of(s)}", partial(prepared.objective, s, 0)) for s in experiment.objectives),
        ("evaluators", prepared.evaluators),
        *((f"baselines.{label_of(s)}", partial(_try_baseline, prepared, s)) for s in experiment.baselines),
    ]
    for label, attempt in attempts if not problems else []:
        try:
            attempt()
        except ConfigError as error:
            problems += error.problems
        except SSLKitError as error:
            problems.append(Problem(label, str(error).rstrip(".").removeprefix(f"{label}: ")))
        except Exception as error:  # whatever a component, also a plugin's, makes of samples it cannot take
            problems.append(Problem(label, f"cannot be used with these data: {in_a_line(error)}"))
    n, batch = len(prepared.splits.train), experiment.training.batch_size
    if n < batch:
        problems.append(
            Problem(
                "training.batch_size",
                f"is {batch}, but the training part has {n} samples",
                f"Use at most {n}.",
            )
        )
    if problems:
        raise ConfigError(problems, f"{experiment.name}: does not fit the data")
    prepared.warnings += _warnings(prepared)


def _check_modalities(prepared: Prepared, problems: list[Problem]) -> None:
    experiment, modality = prepared.experiment, prepared.dataset.spec.modality
    specs = [("views", experiment.views.recipe)]
    specs += [("views", spec) for pipeline in experiment.views.pipelines or () for spec in pipeline]
    for path, spec in specs:
        takes = (
            getattr(prepared.registry.entry(spec.kind, spec.name).component, "modalities", ()) if spec else ()
        )
        if spec and takes and modality not in takes:
            problems.append(
                Problem(
                    path, f"{spec.kind} '{spec.name}' is for {' and '.join(takes)}, the data is {modality}"
                )
            )
    assert experiment.backbone is not None
    component = prepared.registry.entry("backbone", experiment.backbone.name).component
    axes, shape = getattr(component, "sample_ndim", None), prepared.frontend.out_spec.shape
    if axes is not None and axes != len(shape):
        fitting = [
            e.name
            for e in prepared.registry.entries("backbone")
            if getattr(e.component, "sample_ndim", 0) == len(shape)
        ]
        problems.append(
            Problem(
                "backbone",
                f"'{experiment.backbone.name}' takes samples of {axes} axes, "
                f"after the front end they have {len(shape)}: {shape}",
                f"Fitting: {', '.join(fitting)}.",
            )
        )


def _two_samples(prepared: Prepared) -> Tensor:
    return prepared.splits.train.x[np.arange(min(2, len(prepared.splits.train)))].to(prepared.device)


def _try_frontend(prepared: Prepared) -> None:
    x = prepared.dataset.spec.decode(_two_samples(prepared))
    check_independence(prepared.frontend, x, "the front end")


def _try_backbone(prepared: Prepared) -> None:
    x = prepared.frontend(prepared.dataset.spec.decode(_two_samples(prepared)))
    try:
        check_independence(prepared.backbone(0).eval(), x, "the backbone")
    except (RuntimeError, ValueError) as error:
        raise SSLKitError(f"cannot take samples of shape {tuple(x.shape[1:])}: {in_a_line(error)}") from error


def _try_baseline(prepared: Prepared, spec: ComponentSpec) -> None:
    prepared.registry.build(spec).check(prepared)


def _try_views(prepared: Prepared) -> None:
    expected = tuple(prepared.frontend.out_spec.shape)
    for view in prepared.views(0, prepared.n_views)(_two_samples(prepared), 0):
        if tuple(view.shape[1:]) != expected:
            raise SSLKitError(f"the augmentations turn shape {expected} into {tuple(view.shape[1:])}")
        if not view.isfinite().all():
            raise SSLKitError("the augmentations make NaN or Inf of samples without any")


def _warnings(prepared: Prepared) -> list[str]:
    experiment, found = prepared.experiment, []
    for label in experiment.labels:
        spec = experiment.component_for(label, "optimizer")
        optimizer = prepared.registry.build(spec)
        rate, (low, high) = (
            optimizer.effective_learning_rate(experiment.training.batch_size),
            optimizer.typical,
        )
        if not low <= rate <= high:
            found.append(
                f"{label}: the learning rate {rate:.3g} is unusual for {spec.name}, which takes {low:g} to {high:g}; "
                "a rate that belongs to another optimiser makes encoders collapse."
            )
    if experiment.training.precision == "bf16" and prepared.device.type == "cpu":
        found.append("bf16 on a CPU is slower than fp32 unless it has bf16 instructions.")
    return found
