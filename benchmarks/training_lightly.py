"""The same training written with lightly, as its examples write it: transforms in a DataLoader, its heads and losses.

Backbone (sslkit's small-conv), widths of heads, optimiser, batch and recipe are those of sslkit's step.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import partial

import torch
from inputs import SIDE
from measuring import Call, Makers
from peers_images import Transform, lightly_transform, pil_images
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, RandomSampler
from training_data import BATCHES, HEAD

from sslkit.backbones.small_conv import SmallConv

RECIPES = {"simclr": "simclr-small", "byol": "byol"}
MOMENTUM = 0.99


class Pictures(Dataset[list[Tensor]]):
    """PIL images, and lightly's views of them."""

    def __init__(self, count: int, transform: Transform) -> None:
        self.images, self.transform = pil_images(count), transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> list[Tensor]:
        views: list[Tensor] = self.transform(self.images[index])
        return views


class SimCLR(nn.Module):
    def __init__(self) -> None:
        from lightly.loss import NTXentLoss
        from lightly.models.modules.heads import SimCLRProjectionHead

        super().__init__()
        self.backbone = SmallConv((3, SIDE, SIDE))
        self.head = SimCLRProjectionHead(self.backbone.out_dim, HEAD["hidden_dim"], HEAD["out_dim"])
        self.loss = NTXentLoss(temperature=0.5)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        loss: Tensor = self.loss(self.head(self.backbone(first)), self.head(self.backbone(second)))
        return loss

    def after_step(self) -> None:
        """Nothing follows the network."""


class BYOL(nn.Module):
    def __init__(self) -> None:
        from lightly.loss import NegativeCosineSimilarity
        from lightly.models.modules.heads import BYOLPredictionHead, BYOLProjectionHead
        from lightly.models.utils import deactivate_requires_grad

        super().__init__()
        self.backbone = SmallConv((3, SIDE, SIDE))
        sizes = HEAD["hidden_dim"], HEAD["out_dim"]
        self.head = BYOLProjectionHead(self.backbone.out_dim, *sizes)
        self.predictor = BYOLPredictionHead(HEAD["out_dim"], *sizes)
        self.target_backbone, self.target_head = copy.deepcopy(self.backbone), copy.deepcopy(self.head)
        deactivate_requires_grad(self.target_backbone)
        deactivate_requires_grad(self.target_head)
        self.loss = NegativeCosineSimilarity()

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        predictions = [self.predictor(self.head(self.backbone(view))) for view in (first, second)]
        with torch.no_grad():
            targets = [self.target_head(self.target_backbone(view)) for view in (first, second)]
        loss: Tensor = self.loss(predictions[0], targets[1]) + self.loss(predictions[1], targets[0])
        return 0.5 * loss

    def after_step(self) -> None:
        """The target follows."""
        from lightly.models.utils import update_momentum

        update_momentum(self.backbone, self.target_backbone, m=MOMENTUM)
        update_momentum(self.head, self.target_head, m=MOMENTUM)


class Training:
    """Endless batches, one step at a time. Loader workers live as long as a block of steps does."""

    def __init__(self, objective: str, batch_size: int, workers: int) -> None:
        self.model: SimCLR | BYOL = SimCLR() if objective == "simclr" else BYOL()
        pictures = Pictures(BATCHES * batch_size, lightly_transform(RECIPES[objective]))
        order = RandomSampler(pictures, replacement=True, num_samples=10**9)
        self.loader = DataLoader(pictures, batch_size, sampler=order, num_workers=workers)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-3)
        self.warm_steps = 2 * workers + 1  # until the batches prefetched at the start are used up
        self.batches: Iterator[list[Tensor]] = iter(())

    def start(self) -> None:
        self.batches = iter(self.loader)
        for _ in range(self.warm_steps):
            self.step()

    def stop(self) -> None:
        self.batches = iter(())

    def helpers(self) -> list[int]:
        """Ids of the loader's workers."""
        return [worker.pid for worker in getattr(self.batches, "_workers", ())]

    def step(self) -> None:
        first, second = next(self.batches)
        loss = self.model(first, second)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.model.after_step()


def entrants(batch_size: int, threads: int, workers: int) -> Makers:
    def make(objective: str) -> Call:
        training = Training(objective, batch_size, workers)
        return Call(
            training.step, batch_size, before=training.start, after=training.stop, helpers=training.helpers
        )

    import lightly  # noqa: F401  says so now if it is not installed

    return {objective: {"": partial(make, objective)} for objective in RECIPES}
