"""Which layers are updated when, and how fast: policies, and learning rates that fall with the depth."""

from __future__ import annotations

from typing import Any, Literal

from torch import nn
from torch.nn import Parameter

from sslkit.types import Backbone

Policy = Literal["frozen", "last-block", "gradual", "all"]


def open_blocks(policy: Policy, step: int, steps: int, blocks: int) -> int:
    """How many of a backbone's blocks, counted from the head, are updated at a step.

    ``frozen``: none; ``last-block``: one; ``all``: all. ``gradual`` starts with the head alone and opens one more block
    after each of ``blocks`` equal stages, which together take the first half of the steps; in the second half all are
    open.

    Args:
        policy: the rule.
        step: from 0.
        steps: in all.
        blocks: that the backbone has.

    Source: Howard & Ruder 2018, arXiv 1801.06146, section 3.3 (a stage is an epoch there; few labels have epochs of one
    or two steps).
    """
    if policy == "gradual":
        return min(blocks, 2 * step * blocks // steps)
    return {"frozen": 0, "last-block": min(1, blocks), "all": blocks}[policy]


class Layers:
    """A head and a backbone's blocks, the head first and the input's block last: what is opened and closed.

    Args:
        backbone: its ``ordered_blocks()`` are the units; parameters that none of them holds belong to the first block.
        head: on top of it, always open.

    Parameters that were not trainable to begin with stay so.
    """

    def __init__(self, backbone: Backbone, head: nn.Module) -> None:
        self.backbone, self.head = backbone, head
        self.blocks = list(reversed(backbone.ordered_blocks()))
        taken: set[int] = set()
        self.parameters = [_trainable(module, taken) for module in (head, *self.blocks)]
        rest = _trainable(backbone, taken)
        if rest:
            self.parameters = [*self.parameters[:-1], self.parameters[-1] + rest] if self.blocks else [rest]

    def groups(self, learning_rate: float, decay: float) -> list[dict[str, Any]]:
        """Parameter groups for an optimiser: rate · decay^depth, with depth 0 for the head, 1 for the last block, …

        Source: ELECTRA, arXiv 2003.10555, appendix A; BEiT, arXiv 2106.08254; MAE, arXiv 2111.06377.
        """
        return [
            {"params": parameters, "lr": learning_rate * decay**depth}
            for depth, parameters in enumerate(self.parameters)
            if parameters
        ]

    def open(self, count: int) -> None:
        """Train the head and ``count`` blocks next to it.

        Closed blocks get no gradient, and are in eval mode: their BatchNorm keeps its statistics, their dropout rests.
        """
        self.head.train()
        self.backbone.train(count >= len(self.blocks))  # modules outside all blocks go with the first
        for place, block in enumerate(self.blocks):
            block.train(place < count)
        for depth, parameters in enumerate(self.parameters):
            for parameter in parameters:
                parameter.requires_grad_(depth <= count)


def _trainable(module: nn.Module, taken: set[int]) -> list[Parameter]:
    """Parameters that are no other layer's; a shared one belongs to the layer that is asked first."""
    found = [one for one in module.parameters() if one.requires_grad and id(one) not in taken]
    taken |= {id(one) for one in found}
    return found
