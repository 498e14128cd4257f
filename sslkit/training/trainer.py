"""The loop: views, loss, backward, optimiser, the objective's own step. It knows no method and no modality."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from sslkit.augment.views import Views
from sslkit.data.loader import Loader
from sslkit.errors import SSLKitError, StopRequested, in_a_line
from sslkit.randomness import derive
from sslkit.training.checkpoint import (
    REMEDY,
    Checkpointing,
    CheckpointState,
    load_checkpoint,
    save_checkpoint,
)
from sslkit.training.device import autocast
from sslkit.training.distributed import Processes, mean_over, wrap
from sslkit.training.plan import TrainingPlan
from sslkit.training.running_statistics import RunningStatistics
from sslkit.types import Objective, Schedule

UNFITTING = (AttributeError, KeyError, TypeError, ValueError, RuntimeError)  # e.g. a plugin has changed


class Interrupted(StopRequested):
    """Training was asked to stop; its checkpoint is saved, and the same command resumes."""


class Diverged(SSLKitError):
    """The loss or the weights are no numbers any more."""


class Callback(Protocol):
    """Watches the trainer; may read anything and change nothing that shapes the weights."""

    def on_start(self, trainer: Trainer) -> None:
        """Before the first step, at ``trainer.step`` (above 0 in a resumed run)."""

    def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
        """After each optimiser step; ``trainer.step`` counts the steps done."""

    def on_end(self, trainer: Trainer) -> None:
        """After the last step, or when stopped."""


class Trainer:
    """Trains one objective for the plan's optimiser steps.

    Args:
        objective: the method with its networks, on the device.
        optimizer: over the objective's trainable parameters; its rates are the peak rates.
        schedule: of the learning rate.
        views: raw batch → views.
        loader: the batches.
        plan: steps, seed, and how each step is taken.
        checkpoint: where the state is saved to and resumed from; None keeps none.
        callbacks: watchers.
        processes: this process's place.
    """

    def __init__(
        self,
        objective: Objective,
        optimizer: torch.optim.Optimizer,
        schedule: Schedule,
        views: Views,
        loader: Loader,
        plan: TrainingPlan,
        checkpoint: Checkpointing | None = None,
        callbacks: Sequence[Callback] = (),
        processes: Processes | None = None,
    ) -> None:
        self.objective, self.optimizer, self.schedule = objective, optimizer, schedule
        self.views, self.loader, self.plan, self.checkpoint = views, loader, plan, checkpoint
        self.callbacks = list(callbacks)
        self.processes = processes or Processes()
        self.device = loader.device
        self.peak_rates = [group["lr"] for group in optimizer.param_groups]
        self.step, self.seconds, self.stop_requested = 0, 0.0, False
        self._agreed_to_stop = False
        self.logs: dict[str, Tensor | float] = {}
        self._statistics = RunningStatistics(objective)
        self._finite = torch.ones((), dtype=torch.bool, device=self.device)

    @property
    def total_steps(self) -> int:
        """The budget, in optimiser steps."""
        return self.plan.total_steps

    @property
    def epoch(self) -> float:
        """Epochs done."""
        return self.step / self.loader.order.steps_per_epoch

    def run(self) -> None:
        """Train to the end, from the checkpoint where there is one.

        Raises:
            Interrupted: ``stop_requested`` was set; the state is saved.
            Diverged: NaN or Inf; the last good checkpoint is kept.
        """
        self.resume()
        network = wrap(self.objective, self.processes, self.device)
        self.objective.train()
        self._clock = self._saved = time.monotonic()
        try:
            for callback in self.callbacks:
                callback.on_start(self)
            self.skip_clock()
            for batch in self.loader.batches(self.step, self.total_steps):
                self.logs = self._optimise(network, batch)
                self._count_time()
                for callback in self.callbacks:
                    callback.on_step(self, self.logs)
                self._checkpoint_when_due()
                if self._is_stopping() and self.step < self.total_steps:
                    self.save()
                    raise Interrupted
        finally:
            for callback in self.callbacks:
                callback.on_end(self)
        self.check_finite()

    def _optimise(self, network: nn.Module, batch: Tensor) -> dict[str, Tensor | float]:
        """One optimiser step."""
        plan = self.plan
        factor = self.schedule.factor(self.step, plan.total_steps)
        for group, peak in zip(self.optimizer.param_groups, self.peak_rates, strict=True):
            group["lr"] = peak * factor
        torch.manual_seed(derive(plan.seed, "network", self.step, self.processes.rank))
        self.optimizer.zero_grad(set_to_none=True)
        pieces = batch.chunk(plan.accumulate)
        first = self.processes.rank * plan.accumulate  # of all pieces, whatever process has them: same views
        if len(pieces) > 1:
            self._statistics.begin()
        logs: dict[str, Tensor | float] = {}
        for number, piece in enumerate(pieces):
            views = self._in_format(self.views(piece, self.step, first + number))
            with autocast(self.device, plan.precision):
                outputs = network(views)
            (outputs["loss"] / len(pieces)).backward()
            if len(pieces) > 1:
                self._statistics.next_piece()
            for name, value in outputs.items():
                logs[name] = logs.get(name, 0.0) + value.detach() / len(pieces)
        if len(pieces) > 1:
            self._statistics.end(len(pieces))
        self._agree(logs)
        self._finite &= torch.as_tensor(logs["loss"]).isfinite()
        if self.device.type == "cpu":
            self.check_finite(batch)
        if plan.clip_norm is not None:
            logs["gradient_norm"] = nn.utils.clip_grad_norm_(self.objective.parameters(), plan.clip_norm)
        self.optimizer.step()
        self.step += 1
        logs.update(self.objective.after_step(self.step / plan.total_steps))
        logs["learning_rate"] = self.optimizer.param_groups[0]["lr"]
        return logs

    def _agree(self, logs: dict[str, Tensor | float]) -> None:
        """All processes keep the same statistics, log the same figures, and stop at the same step."""
        if self.processes.world == 1:
            return
        names = sorted(logs)
        kept = self._statistics.tensors if self.device.type == "cpu" else []  # GPUs share each batch's own
        said = [torch.as_tensor(float(self.stop_requested)), *(torch.as_tensor(logs[name]) for name in names)]
        stop, *means = mean_over(self.processes, [*said, *kept], self.device)
        self._agreed_to_stop = bool(stop > 0)
        logs.update(zip(names, means, strict=False))
        with torch.no_grad():
            for tensor, mean in zip(kept, means[len(names) :], strict=True):
                tensor.copy_(mean)

    def _in_format(self, views: list[Tensor]) -> list[Tensor]:
        if not self.plan.channels_last:
            return views
        return [view.contiguous(memory_format=torch.channels_last) for view in views]

    def _is_stopping(self) -> bool:
        return self.stop_requested if self.processes.world == 1 else self._agreed_to_stop

    def _count_time(self) -> None:
        now = time.monotonic()
        self.seconds += now - self._clock
        self._clock = now

    def skip_clock(self) -> None:
        """Leave out the time since the last step: judging and saving are no training."""
        self._clock = time.monotonic()

    def check_finite(self, batch: Tensor | None = None) -> None:
        """Raise ``Diverged`` if a loss since the start was NaN or Inf; of samples that are so themselves, say that."""
        if not bool(self._finite):
            if batch is not None and batch.is_floating_point() and not bool(batch.isfinite().all()):
                raise Diverged(
                    f"the loss became NaN or Inf at step {self.step + 1} of {self.total_steps}, and samples of its "
                    "batch hold such values themselves: repair or leave out these rows of the data first."
                )
            kept = f" The last good checkpoint is {self.checkpoint.path}." if self.checkpoint else ""
            raise Diverged(
                f"the loss became NaN or Inf at or before step {self.step + 1} of {self.total_steps}.{kept} Lower "
                "optimizer.learning_rate, set training.clip_norm, or look for extreme values in the data."
            )

    def _checkpoint_when_due(self) -> None:
        if self.checkpoint is None:
            return
        if self.step == self.total_steps or time.monotonic() - self._saved >= self.checkpoint.seconds:
            self.save()
            self._saved = time.monotonic()
            self.skip_clock()

    def save(self) -> None:
        """Write the checkpoint: model, target, optimiser, position, and what augmentations keep."""
        self.check_finite()
        if self.checkpoint is None or not self.processes.first:
            return
        if not all(bool(p.isfinite().all()) for p in self.objective.parameters()):
            self._finite &= False
            self.check_finite()
        save_checkpoint(self.checkpoint.path, self._state(self.checkpoint.identity))

    def _state(self, identity: str) -> CheckpointState:
        return {
            "identity": identity,
            "step": self.step,
            "seconds": self.seconds,
            "objective": self.objective.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "views": self.views.state(),
            "logs": {name: float(value) for name, value in self.logs.items()},
        }

    def resume(self) -> None:
        """Take up the state of the checkpoint, if there is one."""
        if self.checkpoint is None or not self.checkpoint.path.exists():
            return
        state = load_checkpoint(self.checkpoint.path, self.checkpoint.identity)
        try:
            self.objective.load_state_dict(state["objective"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.views.load_state(state["views"])
            self.step, self.seconds = int(state["step"]), float(state["seconds"])
            self.logs = {**state["logs"]}
        except UNFITTING as error:
            raise SSLKitError(
                f"{self.checkpoint.path}: does not fit the networks of this run ({in_a_line(error)}). {REMEDY}"
            ) from error
