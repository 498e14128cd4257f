from __future__ import annotations

from itertools import permutations

import pytest
import torch
from torch import Tensor

from sslkit.augment.sensors.jitter import Jitter
from sslkit.augment.sensors.mains_hum import MainsHum
from sslkit.augment.sensors.rotation import Rotation
from sslkit.augment.structure import OnChannels, OneOf, RandomOrder, Sequence
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from sslkit.types import Augmentation, SampleSpec


class Affine(Augmentation):
    """v → factor·v + offset, and the number of samples seen as state."""

    def __init__(self, factor: float, offset: float) -> None:
        self.factor, self.offset, self.seen = factor, offset, 0

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        self.seen += len(x)
        return self.factor * x + self.offset

    def state(self) -> dict[str, Tensor]:
        return {"seen": torch.tensor(self.seen)}

    def load_state(self, state) -> None:
        self.seen = int(state["seen"])


class OnFeatures(Affine):
    stage = "features"


class SensorsOnly(Affine):
    modalities = ("sensor",)

    def check(self, spec: SampleSpec) -> None:
        if spec.shape[0] != 3:
            raise SSLKitError("three channels")


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def members() -> list[Augmentation]:
    return [Affine(2.0, 0.0), Affine(1.0, 3.0), Affine(-1.0, 1.0)]


def composed(order: tuple[int, ...], value: float) -> float:
    for number in order:
        member = members()[number]
        value = member.factor * value + member.offset  # type: ignore[attr-defined]
    return value


X = torch.full((6000, 2, 3), 0.7)


def test_sequence_in_order() -> None:
    assert Sequence(members())(X, seeded())[0, 0, 0].item() == pytest.approx(composed((0, 1, 2), 0.7))


def test_sequence_is_all_or_nothing() -> None:
    sequence = Sequence(members())
    sequence.p = 0.25
    values = sequence(X, seeded())[:, 0, 0]
    changed = torch.isclose(values, torch.tensor(composed((0, 1, 2), 0.7)))
    assert (changed | (values == 0.7)).all() and abs(changed.float().mean() - 0.25) < 0.03


@pytest.mark.parametrize(("composite", "length"), [(OneOf, 1), (RandomOrder, 3)])
def test_each_sample_gets_a_choice_of_its_own_each_as_likely(composite: type, length: int) -> None:
    result = composite(members())(X, seeded())
    assert torch.equal(result, result[:, :1, :1].expand_as(result))
    outcomes = [composed(order, 0.7) for order in permutations(range(3), length)]
    assert len({round(outcome, 4) for outcome in outcomes}) == len(outcomes)
    shares = (
        torch.stack([torch.isclose(result[:, 0, 0], torch.tensor(o), atol=1e-5) for o in outcomes])
        .float()
        .mean(1)
    )
    assert shares.sum() == pytest.approx(1.0)
    torch.testing.assert_close(shares, torch.full_like(shares, 1 / len(outcomes)), atol=0.03, rtol=0)


@pytest.mark.parametrize("composite", [Sequence, OneOf, RandomOrder])
def test_members_keep_their_own_probability(composite: type) -> None:
    never = Affine(5.0, 5.0)
    never.p = 0.0
    assert torch.equal(composite([never])(X, seeded()), X)


@pytest.mark.parametrize("composite", [Sequence, OneOf, RandomOrder])
def test_state_of_members_is_kept(composite: type) -> None:
    first, second = composite(members()), composite(members())
    first(X, seeded())
    second.load_state(first.state())
    assert [m.seen for m in second.augmentations] == [m.seen for m in first.augmentations]
    assert sum(m.seen for m in second.augmentations) > 0


def test_stage_is_the_members() -> None:
    assert Sequence([OnFeatures(1.0, 0.0)]).stage == "features"
    assert OneOf(members()).stage == "raw"
    with pytest.raises(SSLKitError, match=r"affine \(raw\), on-features \(features\)"):
        RandomOrder([Affine(1.0, 0.0), OnFeatures(1.0, 0.0)])


def test_members_are_asked() -> None:
    one_of = OneOf([SensorsOnly(1.0, 0.0)])
    one_of.check(SampleSpec("sensor", (3, 64)))
    with pytest.raises(SSLKitError, match="three channels"):
        one_of.check(SampleSpec("sensor", (2, 64)))
    with pytest.raises(SSLKitError, match="sensors-only takes sensor samples; these are image samples"):
        one_of.check(SampleSpec("image", (3, 64, 64)))


def test_built_from_a_config() -> None:
    registry, _ = load_registry()
    problems: list = []
    plain = {
        "name": "one-of",
        "p": 0.5,
        "augmentations": ["solarize", {"name": "gaussian-blur", "sigma": [0.5, 1.0]}],
    }
    spec = registry.check("augmentation", plain, "views", problems)
    assert not problems and spec is not None
    built = registry.build(spec)
    assert built.p == 0.5 and [type(m).__name__ for m in built.augmentations] == ["Solarize", "GaussianBlur"]


IMU = SampleSpec("sensor", (7, 50), 100.0, ("temp", "acc_x", "acc_y", "acc_z", "gyro_x", "gyro_y", "gyro_z"))
ACC: list[int | str] = ["acc_x", "acc_y", "acc_z"]
GYRO: list[int | str] = ["gyro_z", "gyro_x", "gyro_y"]


def test_on_channels_changes_its_groups_only_each_by_itself() -> None:
    augmentation = OnChannels([ACC, GYRO], [Rotation()])
    augmentation.check(IMU)
    x = torch.randn(8, 7, 50)
    out = augmentation(x, seeded())
    assert torch.equal(out[:, 0], x[:, 0])
    generator, expected = seeded(), x.clone()
    for group in ([1, 2, 3], [6, 4, 5]):
        expected[:, group] = Rotation().apply(x[:, group], generator)
    assert torch.equal(out, expected)


def test_on_channels_draws_anew_for_each_group_and_its_p() -> None:
    augmentation = OnChannels([[0, 1], [2, 3]], [Jitter(1.0)])
    first = augmentation.augmentations[0]
    assert isinstance(first, Sequence)
    first.augmentations[0].p = 0.5
    noise = augmentation(torch.zeros(2000, 4, 10), seeded())
    assert abs((noise[:, 0] * noise[:, 2]).mean()) < 0.02
    assert abs((noise[:, 0] != 0).any(1).float().mean() - 0.5) < 0.05 and (noise[:, 2] != 0).all()


def test_on_channels_members_see_their_groups_spec() -> None:
    nested = OnChannels([ACC, ["temp", *GYRO]], [OnChannels([[0], [1, 2]], [MainsHum(10.0, 1)])])
    nested.check(IMU)
    assert nested(torch.randn(2, 7, 50), seeded()).shape == (2, 7, 50)
    with pytest.raises(SSLKitError, match="2 channels are not triples"):
        OnChannels([ACC, ["gyro_x", "gyro_y"]], [Rotation()]).check(IMU)
    with pytest.raises(SSLKitError, match=r"no channel 'acc_x'\. Valid: temp"):
        OnChannels([["temp"]], [Rotation(groups=[ACC])]).check(IMU)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([["acc_x", "gyr_y"]], "on-channels: the data have no channel 'gyr_y'. Did you mean 'gyro_y'?"),
        ([["acc_x"], [1, 2]], "on-channels: a channel stands in two places"),
        ([[0, 7]], "on-channels: there is no channel 7; the data have 0…6."),
        ([], "at least one channel"),
        ([[0], []], "at least one channel"),
    ],
)
def test_on_channels_that_do_not_fit(groups: list, message: str) -> None:
    with pytest.raises(SSLKitError, match=message) as raised:
        OnChannels(groups, [Jitter()]).check(IMU)
    assert "\n" not in str(raised.value)


def test_on_channels_from_a_config_and_its_state() -> None:
    registry, _ = load_registry()
    problems: list = []
    plain = {"name": "on-channels", "groups": [ACC, [4, 5]], "augmentations": ["jitter", {"name": "scaling"}]}
    spec = registry.check("augmentation", plain, "views", problems)
    assert not problems and spec is not None
    built = registry.build(spec)
    built.check(IMU)
    assert built.stage == "features" and built(torch.randn(3, 7, 50), seeded()).shape == (3, 7, 50)
    first, second = (OnChannels([[0], [1]], [Affine(2.0, 0.0)]) for _ in range(2))
    first(X, seeded())
    second.load_state(first.state())
    assert {name: int(seen) for name, seen in second.state().items()} == {"0.0.seen": 6000, "1.0.seen": 6000}
