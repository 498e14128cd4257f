"""SimCLR: tell the other view of a sample from all other samples of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from sslkit.errors import SSLKitError
from sslkit.heads.simclr_mlp import SimCLRHead
from sslkit.hookspecs import hookimpl
from sslkit.objectives.gather import gather
from sslkit.objectives.views import check_views, spread, unit_rows
from sslkit.types import Backbone, Factory, Head, Objective, Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry


class SimCLR(Objective):
    """Contrasts: a sample's two views attract each other, all other samples of the batch repel.

    Both views go through backbone → projector as one batch of 2N, so BatchNorm sees them together. The loss
    (NT-Xent) is a cross-entropy over the 2N - 1 cosine similarities to all other embeddings, divided by the
    temperature, in float32. With several processes the embeddings of all are gathered, with gradient: after
    DDP's average the gradient is that of one process with the whole batch. Bigger batches bring more
    negatives; accumulating small ones does not.

    Logged, over this process's rows: ``loss``; ``contrastive_accuracy``, how often the positive is the nearest;
    ``projection_std``, the spread of the unit embeddings per dimension times √D (1 on the whole sphere).

    Args:
        backbone: the network to train and evaluate.
        projector: ``(B, backbone.out_dim)`` → ``(B, D)``, thrown away after training.
        temperature: the paper's 0.5 for CIFAR-10 (small batches and images); 0.1 for ImageNet.
        reduction: ``mean`` over the 2N rows, as in the paper; ``sum-of-views`` adds the two views' means, as
            in the authors' code: exactly twice the loss and gradient.

    Raises:
        SSLKitError: views that are not two of the same samples; one sample in training: no negatives.

    Source: Chen et al. 2020, arXiv 2002.05709, section 2.1 and algorithm 1.
    """

    def __init__(
        self,
        backbone: Backbone,
        projector: Factory[Head] = SimCLRHead,
        temperature: Positive = 0.5,
        reduction: Literal["mean", "sum-of-views"] = "mean",
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.projector = projector(in_dim=backbone.out_dim)
        self.temperature, self.reduction = temperature, reduction

    def forward(self, views: Sequence[Tensor]) -> dict[str, Tensor]:
        """Two views ``(N, *shape)`` → ``loss``, ``contrastive_accuracy`` and ``projection_std``."""
        check_views("simclr", views, self.n_views)
        embedding = self.projector(self.backbone(torch.cat(list(views))))
        logits, positives = contrastive_logits(embedding, self.temperature)
        if logits.shape[1] == 2 and self.training:
            raise SSLKitError(
                "simclr: one sample has no negatives, so there is nothing to learn: "
                "train with at least 2 samples per batch."
            )
        loss = F.cross_entropy(logits, positives)
        accuracy = (logits.detach().argmax(dim=1) == positives).float().mean()
        loss = loss if self.reduction == "mean" else 2 * loss
        return {"loss": loss, "contrastive_accuracy": accuracy, "projection_std": spread(embedding)}


def contrastive_logits(embedding: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
    """Similarities of this process's embeddings to those of all, and where each one's positive is.

    Args:
        embedding: ``(2N, D)``: the first view's N samples, then the second view's in the same order.
        temperature: what cosine similarities are divided with.
    Returns:
        Logits ``(2N, processes·2N)`` in float32 at least, -∞ at the row itself and nowhere else; the column
        of each row's positive ``(2N,)``.
    """
    rows = len(embedding)
    with torch.autocast(embedding.device.type, enabled=False):
        unit = unit_rows(embedding)
        everyone, first = gather(unit)
        logits = unit @ everyone.T / temperature
    logits.diagonal(first).fill_(-torch.inf)
    positives = first + (torch.arange(rows, device=embedding.device) + rows // 2) % rows
    return logits, positives


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("simclr", SimCLR)
