"""BYOL: predict what a slowly moving copy of the network sees in the other view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from sslkit.errors import SSLKitError
from sslkit.heads.byol_mlp import BYOLHead
from sslkit.hookspecs import hookimpl
from sslkit.objectives.ema import cosine_momentum, frozen_copy, update_target
from sslkit.objectives.views import check_views, spread, unit_rows
from sslkit.types import Backbone, Factory, Head, Objective

if TYPE_CHECKING:
    from typing import Self

    from sslkit.registry import Registry


class BYOL(Objective):
    """Predicts how a moving-average copy of the network projects the other view; needs no negatives.

    Online: backbone → projector → predictor. Target: backbone → projector, a copy without gradients that
    follows the online parameters by an exponential moving average after every optimiser step. The target
    always runs in training mode, with batch statistics of its own. Each view is forwarded separately, so
    BatchNorm sees one view at a time. The loss, in float32, is the batch mean of ‖p̂₁ - ẑ₂‖² + ‖p̂₂ - ẑ₁‖²
    with unit vectors: 0…8.

    Logged: ``loss``; ``projection_std``, the spread of the target's unit projections per dimension times √D
    (about 1 when they fill the sphere, 0 when they have collapsed); ``tau``.

    Args:
        backbone: the online network; evaluation uses it, not the target.
        projector: ``(B, backbone.out_dim)`` → ``(B, D)``.
        predictor: ``(B, D)`` → ``(B, D)``, on the online side only.
        tau: τ₀, the target's momentum at the start. It depends on the length of training: the paper's code
            has 0.97 for 40 epochs of ImageNet, 0.99 for 100 and 300, 0.996 for 1000. With 1 the target never
            moves; with 0 and a constant schedule it is the online network.
        tau_schedule: ``cosine`` raises τ from τ₀ to 1 over the run; ``constant`` keeps τ₀.

    Raises:
        SSLKitError: predictor and projector differ in width; views that are not two of the same samples; a
            single sample where the heads have BatchNorm.

    Source: Grill et al. 2020, arXiv 2006.07733, sections 3.1-3.3.
    """

    def __init__(
        self,
        backbone: Backbone,
        projector: Factory[Head] = BYOLHead,
        predictor: Factory[Head] = BYOLHead,
        tau: Annotated[float, Field(ge=0, le=1)] = 0.99,
        tau_schedule: Literal["cosine", "constant"] = "cosine",
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.projector = projector(in_dim=backbone.out_dim)
        self.predictor = predictor(in_dim=self.projector.out_dim)
        if self.predictor.out_dim != self.projector.out_dim:
            raise SSLKitError(
                f"byol: the predictor's output is {self.predictor.out_dim} wide and the projector's is "
                f"{self.projector.out_dim}: give both the same out_dim."
            )
        self.target_backbone = frozen_copy(self.backbone)
        self.target_projector = frozen_copy(self.projector)
        self.tau, self.tau_schedule = tau, tau_schedule

    def forward(self, views: Sequence[Tensor]) -> dict[str, Tensor]:
        """Two views ``(B, *shape)`` → ``loss`` and ``projection_std``."""
        check_views("byol", views, self.n_views)
        self._check_batch_statistics(len(views[0]))
        first, second = views
        prediction_1, prediction_2 = self._predict(first), self._predict(second)
        target_1, target_2 = self._target(first), self._target(second)
        loss = regression_loss(prediction_1, target_2) + regression_loss(prediction_2, target_1)
        return {"loss": loss, "projection_std": spread(target_1)}

    def after_step(self, progress: float) -> dict[str, float]:
        """Move the target towards the online network that the optimiser has just stepped."""
        tau = cosine_momentum(self.tau, progress) if self.tau_schedule == "cosine" else self.tau
        update_target(self.target_backbone, self.backbone, tau)
        update_target(self.target_projector, self.projector, tau)
        return {"tau": tau}

    def train(self, mode: bool = True) -> Self:
        """Set training mode; the target stays in training mode whatever is asked."""
        super().train(mode)
        self.target_backbone.train()
        self.target_projector.train()
        return self

    def _predict(self, view: Tensor) -> Tensor:
        return self.predictor(self.projector(self.backbone(view)))

    @torch.no_grad()
    def _target(self, view: Tensor) -> Tensor:
        return self.target_projector(self.target_backbone(view))

    def _check_batch_statistics(self, batch_size: int) -> None:
        heads = [self.projector, self.predictor]
        if batch_size == 1 and any(isinstance(m, nn.BatchNorm1d) for head in heads for m in head.modules()):
            raise SSLKitError(
                "byol: one sample has no batch statistics, and the heads have BatchNorm: "
                "train with at least 2 samples per batch and process."
            )


def regression_loss(prediction: Tensor, target: Tensor) -> Tensor:
    """Batch mean of the squared distance of unit vectors ``(B, D)``, 2 - 2·cos, in float32 at least: 0…4."""
    with torch.autocast(prediction.device.type, enabled=False):
        difference = unit_rows(prediction) - unit_rows(target)
        return difference.square().sum(dim=1).mean()


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("byol", BYOL)
