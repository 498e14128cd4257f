from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from sslkit.augment.views import Pipeline, Views
from sslkit.errors import SSLKitError
from sslkit.randomness import derive
from sslkit.types import Augmentation, FrontEnd, SampleSpec

SPEC = SampleSpec("sensor", (2, 4), scale=0.5)


class Noise(Augmentation):
    """Adds N(0, 1)."""

    def __init__(self, stage: str = "raw") -> None:
        self.stage = stage

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x + torch.randn(x.shape, generator=generator)


class Remembers(Augmentation):
    """Adds the mean of what it saw before."""

    def __init__(self) -> None:
        self.past: Tensor | None = None

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        past = torch.zeros(()) if self.past is None else self.past
        self.past = x.mean()
        return x + past

    def state(self) -> dict[str, Tensor]:
        return {} if self.past is None else {"past": self.past}

    def load_state(self, state) -> None:
        self.past = state["past"]


class Tenfold(FrontEnd):
    """Ten times the samples; counts how often it is asked."""

    def __init__(self) -> None:
        nn.Module.__init__(self)
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return 10 * x


class Order(Augmentation):
    """Multiplies by 2, or adds 1."""

    def __init__(self, stage: str, adds: bool) -> None:
        self.stage, self.adds = stage, adds

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x + 1 if self.adds else 2 * x


RAW = torch.arange(24, dtype=torch.float32).view(3, 2, 4)


def test_decode_raw_front_end_features_in_this_order() -> None:
    pipeline = Pipeline([Order("raw", True), Order("features", False), Order("features", True)])
    views = Views([pipeline], 2, SPEC, Tenfold())(RAW, 0)
    assert len(views) == 2
    for view in views:
        torch.testing.assert_close(view, 2 * (10 * (0.5 * RAW + 1)) + 1)


def test_a_raw_augmentation_after_a_features_one_is_refused_by_name() -> None:
    with pytest.raises(SSLKitError, match=r"^views: noise works on raw samples, before the front end"):
        Pipeline([Order("raw", True), Order("features", True), Noise()])


def test_every_draw_is_a_function_of_seed_key_and_view() -> None:
    views = Views([Pipeline([Noise()])], 2, SPEC, Tenfold(), seed=7)
    first, second = views(RAW, 5, 1)
    for number, found in enumerate((first, second)):
        generator = torch.Generator().manual_seed(derive(7, "views", 5, 1, number))
        torch.testing.assert_close(found, 10 * (0.5 * RAW + torch.randn(RAW.shape, generator=generator)))
    assert torch.equal(views(RAW, 5, 1)[0], first), "asked again, the same"
    for other in (views(RAW, 6, 1)[0], views(RAW, 5, 2)[0], second):
        assert not torch.equal(other, first)
    assert not torch.equal(Views([Pipeline([Noise()])], 2, SPEC, Tenfold(), seed=8)(RAW, 5, 1)[0], first)


def test_one_pipeline_a_view_or_one_for_all() -> None:
    adds, doubles = Pipeline([Order("raw", True)]), Pipeline([Order("raw", False)])
    first, second = Views([adds, doubles], 2, SPEC, Tenfold())(RAW, 0)
    torch.testing.assert_close(first, 10 * (0.5 * RAW + 1))
    torch.testing.assert_close(second, 10 * RAW)
    with pytest.raises(SSLKitError, match="2 pipelines for 3 views; give one for all or one for each"):
        Views([adds, doubles], 3, SPEC, Tenfold())


def test_features_are_computed_once_where_nothing_is_raw() -> None:
    for stage, calls in (("features", 1), ("raw", 2)):
        frontend = Tenfold()
        views = Views([Pipeline([Noise(stage)])], 2, SPEC, frontend)
        assert views.need_raw == (stage == "raw")
        views(RAW, 0)
        assert frontend.calls == calls


def test_on_features_are_the_same_views() -> None:
    views = Views([Pipeline([Noise("features")])], 2, SPEC, Tenfold(), seed=3)
    for found, expected in zip(views.on_features()(10 * 0.5 * RAW, 4), views(RAW, 4), strict=True):
        assert torch.equal(found, expected)


def test_missing_values_become_the_mean_at_the_end() -> None:
    spec = SampleSpec("sensor", (2, 4), missing=True)
    holes = RAW.clone()
    holes[0, 1, 2] = torch.nan
    (view,) = Views([Pipeline([Order("raw", True)])], 1, spec, Tenfold())(holes, 0)
    expected = 10 * (RAW + 1)
    expected[0, 1, 2] = 0
    assert torch.equal(view, expected)


def test_state_goes_on_where_it_was() -> None:
    def make() -> Views:
        return Views([Pipeline([Noise(), Remembers()]), Pipeline([Remembers()])], 2, SPEC, Tenfold())

    whole, before, after = make(), make(), make()
    assert before.state() == {}
    whole(RAW, 0)
    before(RAW, 0)
    assert set(before.state()) == {"0.1.past", "1.0.past"}
    after.load_state(before.state())
    for found, expected in zip(after(RAW, 1), whole(RAW, 1), strict=True):
        assert torch.equal(found, expected)
    assert not torch.equal(make()(RAW, 1)[1], whole(RAW, 1)[1])


def test_nothing_is_recorded_for_gradients() -> None:
    (view,) = Views([Pipeline([])], 1, SPEC, Tenfold())(RAW.clone().requires_grad_(), 0)
    assert not view.requires_grad
