"""Raw batches → views: decode, raw-stage augmentations, front end, features-stage augmentations.

Not a component: it is what a config's ``views`` becomes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from sslkit.augment.names import augmentation_name
from sslkit.errors import SSLKitError
from sslkit.randomness import derive
from sslkit.types import Augmentation, FrontEnd, SampleSpec


class Pipeline:
    """Augmentations in order: those of stage ``raw``, the front end between, then those of stage ``features``.

    Raises:
        SSLKitError: a raw-stage augmentation stands after a features-stage one.
    """

    def __init__(self, augmentations: Sequence[Augmentation]) -> None:
        stages = [augmentation.stage for augmentation in augmentations]
        if stages != sorted(stages, key=("raw", "features").index):
            late = augmentations[len(stages) - 1 - stages[::-1].index("raw")]
            raise SSLKitError(
                f"views: {augmentation_name(late)} works on raw samples, before the front end; put it in front of the "
                "augmentations that work on features."
            )
        self.augmentations = list(augmentations)
        self.raw = [augmentation for augmentation in augmentations if augmentation.stage == "raw"]
        self.features = [augmentation for augmentation in augmentations if augmentation.stage == "features"]


class Views:
    """``n_views`` augmented views of each batch, every draw a function of (seed, step, piece, view).

    Args:
        pipelines: one shared by all views, or one a view.
        n_views: how many views the objective takes.
        spec: of the samples.
        frontend: between the two stages; None where samples come as features already.
        seed: of all draws. Two objectives under one seed get the same views.
    """

    def __init__(
        self,
        pipelines: Sequence[Pipeline],
        n_views: int,
        spec: SampleSpec,
        frontend: FrontEnd | None,
        seed: int = 0,
    ) -> None:
        if len(pipelines) not in (1, n_views):
            raise SSLKitError(
                f"views: {len(pipelines)} pipelines for {n_views} views; give one for all or one for each."
            )
        self.distinct = list(pipelines)
        self.pipelines = list(pipelines) * (n_views if len(pipelines) == 1 else 1)
        self.spec = spec
        self.frontend = frontend
        self.seed = seed

    @property
    def need_raw(self) -> bool:
        """False where every augmentation works on features, so that the front end may be computed once."""
        return any(pipeline.raw for pipeline in self.pipelines)

    def on_features(self) -> Views:
        """The same views for samples that have passed the front end already."""
        return Views(self.distinct, len(self.pipelines), self.spec, None, self.seed)

    @torch.no_grad()
    def __call__(self, batch: Tensor, *key: int) -> list[Tensor]:
        """``(B, *shape)`` on the device → ``n_views`` of ``(B, *feature shape)``; ``key`` places it: step, piece."""
        decoded = self.spec.decode(batch) if self.frontend is not None else batch
        shared = None if self.need_raw else self._front(decoded)
        views = []
        for number, pipeline in enumerate(self.pipelines):
            generator = torch.Generator(batch.device).manual_seed(derive(self.seed, "views", *key, number))
            x = decoded if shared is None else shared
            if shared is None:
                for augmentation in pipeline.raw:
                    x = augmentation(x, generator)
                x = self._front(x)
            for augmentation in pipeline.features:
                x = augmentation(x, generator)
            views.append(self.spec.fill(x))
        return views

    def _front(self, x: Tensor) -> Tensor:
        return x if self.frontend is None else self.frontend(x)

    def state(self) -> dict[str, Tensor]:
        """What augmentations keep between batches, for the checkpoint."""
        return {
            f"{i}.{j}.{name}": tensor
            for i, pipeline in enumerate(self.distinct)
            for j, augmentation in enumerate(pipeline.augmentations)
            for name, tensor in augmentation.state().items()
        }

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Restore ``state``."""
        for i, pipeline in enumerate(self.distinct):
            for j, augmentation in enumerate(pipeline.augmentations):
                prefix = f"{i}.{j}."
                own = {key[len(prefix) :]: value for key, value in state.items() if key.startswith(prefix)}
                if own:
                    augmentation.load_state(own)
