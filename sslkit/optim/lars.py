"""LARS: layer-wise adaptive rates, for large batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any, overload

import torch
from pydantic import Field
from torch import Tensor, nn

from sslkit.hookspecs import hookimpl
from sslkit.optim.groups import BatchScaling, scaled_learning_rate, split_parameters
from sslkit.types import NonNegative, Optimizer, Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry

Tensors = list[Tensor] | tuple[Tensor, ...]


class LARS(torch.optim.Optimizer):
    """SGD with momentum whose gradient is scaled, per tensor, to η times the length of the parameter.

    With g the gradient, p the parameter: u = g + wd·p; u ← u·η‖p‖/‖u‖ (unchanged where a norm is 0);
    m ← momentum·m + u; p ← p - lr·m. The learning rate comes after the momentum, as in BYOL's code; there is
    no Nesterov step. Groups with ``adapt=False`` are plain SGD with momentum.

    Args:
        params: parameters or groups; a group may set its own ``weight_decay`` and ``adapt``.
        lr: learning rate.
        momentum, weight_decay, eta: as above.
        adapt: scale by the trust ratio. It is used with ``weight_decay=0`` too.

    Source: You et al. 2017, arXiv 1708.03888; BYOL, arXiv 2006.07733, appendix J.
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[dict[str, Any]],
        lr: float,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
        eta: float = 1e-3,
        adapt: bool = True,
    ) -> None:
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "eta": eta, "adapt": adapt}
        super().__init__(params, defaults)

    @overload
    def step(self, closure: None = None) -> None: ...

    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """One step over all parameters that have a gradient; returns what ``closure`` returns."""
        result = None
        if closure is not None:
            with torch.enable_grad():
                result = closure()
        for group in self.param_groups:
            self._step_group(group)
        return result

    def _step_group(self, group: dict[str, Any]) -> None:
        parameters: list[Tensor] = [p for p in group["params"] if p.grad is not None]
        updates: Tensors = [p.grad for p in parameters if p.grad is not None]
        if not parameters:
            return
        if group["weight_decay"] != 0:
            updates = torch._foreach_add(updates, parameters, alpha=group["weight_decay"])
        if group["adapt"]:
            updates = torch._foreach_mul(updates, _trust_ratios(parameters, updates, group["eta"]))
        momenta = [self._momentum(p) for p in parameters]
        torch._foreach_mul_(momenta, group["momentum"])
        torch._foreach_add_(momenta, updates)
        torch._foreach_add_(parameters, momenta, alpha=-group["lr"])

    def _momentum(self, parameter: Tensor) -> Tensor:
        state = self.state[parameter]
        if not state:
            state["momentum_buffer"] = torch.zeros_like(parameter)
        momentum: Tensor = state["momentum_buffer"]
        return momentum


def _trust_ratios(parameters: Tensors, updates: Tensors, eta: float) -> list[Tensor]:
    """η‖p‖/‖u‖ for each tensor, 1 where either norm is 0; no waiting for the device."""
    lengths = torch.stack(torch._foreach_norm(parameters))
    update_lengths = torch.stack(torch._foreach_norm(updates))
    usable = (lengths > 0) & (update_lengths > 0)
    return list(torch.where(usable, eta * lengths / update_lengths, 1.0).unbind())


class LARSOptimizer(Optimizer):
    """LARS with momentum, the optimiser of BYOL and SimCLR; biases and norms are neither decayed nor scaled.

    Args:
        learning_rate: peak rate, scaled with the batch: 0.3 per 256 samples; BYOL's code has 0.45 for 40 and
            100 epochs, 0.3 for 300, 0.2 for 1000. LARS rates are far above those of Adam.
        batch_scaling: ``linear`` rate·B/256; ``sqrt`` rate·√B (SimCLR gives 0.075 with it); ``none`` the rate
            itself.
        weight_decay: 1e-6 in both papers (1.5e-6 for BYOL's 1000 epochs, 1e-4 in SimCLR's CIFAR-10 command).
        momentum: of the scaled gradients.
        eta: trust coefficient.

    Source: You et al. 2017, arXiv 1708.03888.
    """

    typical = (0.01, 20.0)

    def __init__(
        self,
        learning_rate: Positive = 0.3,
        batch_scaling: BatchScaling = "linear",
        weight_decay: NonNegative = 1e-6,
        momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9,
        eta: Positive = 1e-3,
    ) -> None:
        self.learning_rate, self.batch_scaling = learning_rate, batch_scaling
        self.weight_decay, self.momentum, self.eta = weight_decay, momentum, eta

    def effective_learning_rate(self, batch_size: int) -> float:
        """The peak rate for ``batch_size`` samples per optimiser step."""
        return scaled_learning_rate(self.learning_rate, batch_size, self.batch_scaling)

    def build(self, module: nn.Module, batch_size: int) -> LARS:
        """LARS over the module's trainable parameters, at the peak rate."""
        decayed, exempt = split_parameters(module)
        groups = [
            {"params": decayed, "weight_decay": self.weight_decay, "adapt": True},
            {"params": exempt, "weight_decay": 0.0, "adapt": False},
        ]
        return LARS(groups, self.effective_learning_rate(batch_size), momentum=self.momentum, eta=self.eta)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("lars", LARSOptimizer)
