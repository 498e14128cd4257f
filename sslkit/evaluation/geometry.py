"""How features lie in space: the figures that show a collapse, and the alarm in words."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from sslkit.errors import SSLKitError

SAMPLES = 2048  # enough for every figure, and the singular values take a second
COLLAPSED_STD = 1e-4  # random encoders: 0.015 and more, 0.0008 without any norm layer
PROJECTION_ALARM = "The projections have collapsed"
COLLAPSED_PROJECTION = (
    0.05  # siamese nets without predictor ended at .005-.03, trained BYOL and SimCLR above .5
)
COLLAPSED_RANK = 2.0  # random encoders: 6 and more


def geometry(
    features: Tensor | np.ndarray, other_view: Tensor | np.ndarray | None = None
) -> dict[str, float]:
    """``feature_std``, ``effective_rank``, ``uniformity`` and, with a second view, ``alignment``.

    Args:
        features: ``(N, D)``; of more than 2,048 samples as many are taken, evenly spaced.
        other_view: ``(N, D)``, features of another view of the same samples.

    Raises:
        SSLKitError: fewer than two samples, NaN or infinite features, or views of different shapes.
    """
    first = _checked(features)
    figures = {
        "feature_std": feature_std(first),
        "effective_rank": effective_rank(first),
        "uniformity": uniformity(first),
    }
    if other_view is not None:
        second = _checked(other_view)
        if second.shape != first.shape:
            raise SSLKitError(f"two views of features differ in shape: {first.shape} and {second.shape}.")
        figures["alignment"] = alignment(first, second)
    return figures


def feature_std(features: Tensor) -> float:
    """Spread of unit-length features: mean over dimensions of their standard deviation, times sqrt(D).

    1: isotropic, as on the whole sphere; 0: all features are the same. Features of one sign (after a ReLU)
    lie in a cone and stay well below 1 without having collapsed: random encoders have 0.01 … 0.2.

    Source: SimSiam, arXiv 2011.10566, section 4.1, which plots it against 1/sqrt(D).
    """
    unit = functional.normalize(features, dim=1)
    return float(unit.std(dim=0, correction=0).mean() * math.sqrt(features.shape[1]))


def effective_rank(features: Tensor) -> float:
    """How many directions the features use, 1 … D: exp of the entropy of the singular values' shares.

    The features are centred first: those of a ReLU all lie around one direction, which would hide the others.
    0 where nothing varies beyond rounding.

    Source: RankMe, Garrido et al. 2023, arXiv 2210.02885, section 3 (there without centring).
    """
    centred = features - features.mean(dim=0)
    if centred.norm() <= 1e-6 * features.norm():
        return 0.0
    values = torch.linalg.svdvals(centred)
    shares = values / values.sum()
    return float(torch.special.entr(shares).sum().exp())


def alignment(first: Tensor, second: Tensor) -> float:
    """Mean squared distance of two views' unit-length features, 0 (the same) … 4.

    Source: Wang & Isola 2020, arXiv 2005.10242, section 4.1 (exponent 2).
    """
    difference = functional.normalize(first, dim=1) - functional.normalize(second, dim=1)
    return float(difference.square().sum(dim=1).mean())


def uniformity(features: Tensor) -> float:
    """Log of the mean over pairs of exp(-2 · squared distance) of unit-length features; 0: all the same.

    The lower, the more evenly spread; -4 in the limit of a uniform sphere of many dimensions.

    Source: Wang & Isola 2020, arXiv 2005.10242, section 4.1 (t = 2).
    """
    unit = functional.normalize(features, dim=1)
    squared = torch.pdist(unit).square()
    return float(torch.logsumexp(-2 * squared, dim=0) - math.log(len(squared)))


GENERAL_ADVICE = (
    "Try a lower learning rate or another seed, more warm-up, a larger batch, and views that leave the samples "
    "recognisable."
)


def collapse_alarms(figures: Mapping[str, float], dim: int, advice: str = GENERAL_ADVICE) -> list[str]:
    """What is wrong in words, with advice; empty for an encoder that has not collapsed.

    Args:
        figures: of ``geometry``.
        dim: the width D of the features.
        advice: what to change.
    """
    advice = f"Its other figures mean nothing. {advice}"
    if figures["feature_std"] < COLLAPSED_STD or figures["effective_rank"] == 0:
        return [
            "The encoder has collapsed completely: all samples get the same features "
            f"(spread {figures['feature_std']:.2g}, 1 is well spread). {advice}"
        ]
    if dim >= 4 and figures["effective_rank"] < COLLAPSED_RANK:
        return [
            f"The encoder has collapsed dimensionally: its {dim} features vary along one direction only "
            f"(effective rank {figures['effective_rank']:.1f}). {advice}"
        ]
    return []


def projection_alarms(spread: float, advice: str = GENERAL_ADVICE) -> list[str]:
    """In words when an objective's projections have collapsed, though the encoder's features may still differ.

    Args:
        spread: ``projection_std`` as the objective logs it at the end of training: about 1 on the whole sphere.
        advice: what to change.
    """
    if not spread < COLLAPSED_PROJECTION:
        return []
    return [
        f"{PROJECTION_ALARM} (spread {spread:.2g}, 1 is well spread): the loss is met by one answer for "
        f"all samples, and the encoder learns nothing more from it. {advice}"
    ]


def _checked(features: Tensor | np.ndarray) -> Tensor:
    tensor = torch.as_tensor(features).detach().float()
    if tensor.ndim != 2 or len(tensor) < 2:
        raise SSLKitError(f"the geometry of features needs (N, D) with N ≥ 2, found {tuple(tensor.shape)}.")
    if not torch.isfinite(tensor).all():
        raise SSLKitError("features are NaN or infinite: the encoder has diverged; lower the learning rate.")
    if len(tensor) > SAMPLES:
        tensor = tensor[torch.linspace(0, len(tensor) - 1, SAMPLES, dtype=torch.float64).long()]
    return tensor
