"""Which settings a trial tries: by Optuna, as a function of the seed, the trial's number and the trials before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.errors import SSLKitError
from sslkit.randomness import derive

ATTEMPTS = 50  # to find settings that were not tried
Settings = Mapping[str, Any]


def startup(trials: int) -> int:
    """How many trials are drawn at random, the config's own included, before the figures steer: half of them."""
    return (trials + 1) // 2


def need_optuna() -> Any:
    """The package.

    Raises:
        SSLKitError: it is not installed.
    """
    try:
        import optuna
    except ImportError as error:
        raise SSLKitError('tuning needs the package optuna: pip install "sslkit[optuna]".') from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def propose(
    ranges: Mapping[str, Any],
    number: int,
    trials: int,
    seed: int,
    tried: Sequence[Settings],
    figures: Sequence[float | None],
) -> Settings | None:
    """Settings for a trial; None where every combination was tried.

    Args:
        ranges: setting → list of values, or ``{low, high, log}``.
        number: of the trial, from 1 (0 is the config's own settings).
        trials: in all.
        seed: of the sampler.
        tried: the settings of the trials before.
        figures: theirs, where they have one; higher is better. Unused in the first half, which is random.
    """
    optuna = need_optuna()
    distributions = {path: _distribution(optuna, given) for path, given in ranges.items()}
    steered = number >= startup(trials)
    known = [
        optuna.trial.create_trial(
            params=_to_optuna(ranges, settings), distributions=distributions, value=figure
        )
        for settings, figure in zip(tried, figures, strict=True)
        if steered and figure is not None and _inside(ranges, settings)
    ]
    for attempt in range(ATTEMPTS):
        own = derive(seed, "trial", number, attempt) % 2**32
        sampler = (
            optuna.samplers.TPESampler(seed=own, n_startup_trials=1)
            if known and attempt < ATTEMPTS // 2  # it may insist on settings that it knows already
            else optuna.samplers.RandomSampler(seed=own)
        )
        study = optuna.create_study(direction="maximize", sampler=sampler)
        study.add_trials(known)
        params = study.ask(distributions).params
        found = {
            path: given[params[path]] if isinstance(given, list) else params[path]
            for path, given in ranges.items()
        }
        if found not in list(tried):
            return found
    return None


def _distribution(optuna: Any, given: Any) -> Any:
    """A list's values go by their numbers, for Optuna knows plain ones only."""
    if isinstance(given, list):
        return optuna.distributions.CategoricalDistribution(range(len(given)))
    low, high, log = given["low"], given["high"], given["log"]
    if isinstance(low, int) and isinstance(high, int):
        return optuna.distributions.IntDistribution(low, high, log=log)
    return optuna.distributions.FloatDistribution(float(low), float(high), log=log)


def _inside(ranges: Mapping[str, Any], settings: Settings) -> bool:
    """The config's own settings need not lie in the ranges."""

    def holds(given: Any, value: Any) -> bool:
        if isinstance(given, list):
            return value in given
        return isinstance(value, int | float) and given["low"] <= value <= given["high"]

    return all(holds(given, settings.get(path)) for path, given in ranges.items())


def _to_optuna(ranges: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    return {
        path: given.index(settings[path]) if isinstance(given, list) else settings[path]
        for path, given in ranges.items()
    }
