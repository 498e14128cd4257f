"""Contract checks for built-ins and for plugin authors' own tests.

``check_augmentation(Invert(), SampleSpec("image", (3, 32, 32)))`` returns nothing, or raises
``AssertionError`` with a message that says what is wrong.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from sslkit.errors import SSLKitError
from sslkit.types import Augmentation, SampleSpec

CHANNEL_COUNTS = (1, 2, 3, 13)
BATCH = 16


def check_augmentation(augmentation: Augmentation, spec: SampleSpec, device: str = "cpu") -> None:
    """Hold an augmentation to its contract (see ``Augmentation``) on random samples.

    On samples like ``spec``, and on other channel counts and odd sizes, which ``check`` may refuse with an
    ``SSLKitError``: batches of 1 and more keep shape, dtype (float32 and bfloat16) and device; the input
    is left alone; the same seed gives the same result and the global generator is not used; finite
    samples stay finite and images stay in 0…1. On samples like ``spec`` only: identical samples of a
    batch get different draws (unless the operation has none); ``p`` is respected; NaN in one sensor
    window does not reach another or fill its own; what ``state`` returns makes a new instance go on alike.

    Args:
        augmentation: with any settings; it is copied, not changed.
        spec: of samples that it must take; of features (after the front end) where its stage is ``features``.
        device: where to run.

    Raises:
        AssertionError: the contract is broken; the message says how.
    """
    check = _Check(augmentation, device)
    check.takes(spec)
    check.sample_kind(spec)
    for other in _variants(spec):
        if check.accepts(other):
            check.sample_kind(other)
    check.fresh(spec)
    check.probability(spec)
    check.resumes(spec)
    if spec.modality == "sensor":
        check.missing_samples(spec)


def samples(spec: SampleSpec, batch: int, device: str = "cpu", seed: int = 0) -> Tensor:
    """Random decoded samples ``(batch, *spec.shape)``: images uniform in 0…1, others standard normal."""
    generator = torch.Generator().manual_seed(seed)
    draw = torch.rand if spec.modality == "image" else torch.randn
    return draw(batch, *spec.shape, generator=generator).to(device)


def _variants(spec: SampleSpec) -> Iterator[SampleSpec]:
    """Samples with other channel counts and odd sizes."""
    first, *sizes = spec.shape
    odd = tuple(size - 1 + size % 2 for size in sizes)
    if not sizes:
        yield replace(spec, shape=(first - 1 + first % 2,))
        return
    yield replace(spec, shape=(first, *odd))
    if len(odd) == 2:
        yield replace(spec, shape=(first, odd[0], odd[1] + 4))
    for channels in CHANNEL_COUNTS:
        yield replace(spec, shape=(channels, *sizes), channels=())


class _Check:
    def __init__(self, augmentation: Augmentation, device: str) -> None:
        self.original = augmentation
        self.device = device
        self.name = type(augmentation).__name__

    def require(self, condition: bool | Tensor, message: str) -> None:
        if not condition:
            raise AssertionError(f"{self.name}: {message}")

    def instance(self, spec: SampleSpec) -> Augmentation:
        """A fresh copy that has seen what samples are like."""
        fresh = copy.deepcopy(self.original)
        fresh.check(spec)
        return fresh

    def run(self, x: Tensor, instance: Augmentation, seed: int = 0, p: float = 1.0) -> Tensor:
        """The instance's result, with the given probability."""
        instance.p = p
        try:
            return instance(x, torch.Generator(self.device).manual_seed(seed))
        except Exception as error:
            raise AssertionError(
                f"{self.name}: check accepts samples of shape {tuple(x.shape[1:])}, but apply fails on "
                f"{len(x)} of them ({x.dtype}): {type(error).__name__}: {error}"
            ) from error

    def accepts(self, spec: SampleSpec) -> bool:
        """Whether ``check`` takes such samples; it may refuse with an ``SSLKitError`` only."""
        try:
            copy.deepcopy(self.original).check(spec)
        except SSLKitError as refusal:
            self.require(
                bool(str(refusal).strip()), f"check refuses the shape {spec.shape} without a message"
            )
            return False
        except Exception as error:
            raise AssertionError(
                f"{self.name}: check raises {type(error).__name__} instead of SSLKitError on shape "
                f"{spec.shape}: {error}"
            ) from error
        return True

    def takes(self, spec: SampleSpec) -> None:
        modalities = self.original.modalities
        self.require(
            not modalities or spec.modality in modalities,
            f"it takes {' or '.join(modalities)} samples; give a spec of those, not of {spec.modality}",
        )
        self.require(self.accepts(spec), f"check refuses the samples it should take, of shape {spec.shape}")

    def sample_kind(self, spec: SampleSpec) -> None:
        """Shape, dtype, device, determinism, untouched input, finite values, range."""
        for dtype in (torch.float32, torch.bfloat16):
            for batch in (1, BATCH):
                x = samples(spec, batch, self.device).to(dtype)
                self.one_batch(x, spec, f"on {batch} × {spec.shape} {str(dtype).removeprefix('torch.')}")

    def one_batch(self, x: Tensor, spec: SampleSpec, where: str) -> None:
        before, global_state = x.clone(), torch.get_rng_state()
        result = self.run(x, self.instance(spec))
        self.require(torch.equal(x, before), f"writes into its input {where}")
        self.require(
            torch.equal(torch.get_rng_state(), global_state),
            f"draws from the global generator {where}; draw from the one it is given",
        )
        self.require(result.shape == x.shape, f"returns shape {tuple(result.shape)} {where}")
        self.require(result.dtype == x.dtype, f"returns {result.dtype} {where}")
        self.require(result.device == x.device, f"returns a tensor on {result.device} {where}")
        self.require(result.isfinite().all(), f"makes NaN or Inf of finite samples {where}")
        again = self.run(x, self.instance(spec))
        self.require(torch.equal(result, again), f"gives another result with the same seed {where}")
        if spec.modality == "image":
            low, high = result.min().item(), result.max().item()
            self.require(low >= 0 and high <= 1, f"leaves 0…1 {where}: {low:g}…{high:g}")

    def fresh(self, spec: SampleSpec) -> None:
        """Where the seed matters, identical samples must not all get one result."""
        x = samples(spec, 1, self.device).repeat(BATCH, *[1] * len(spec.shape))
        results = []
        for seed in range(3):
            instance = self.instance(spec)
            self.run(samples(spec, BATCH, self.device, seed=1), instance)  # fills a memory, if any
            results.append(self.run(x, instance, seed))
        fixed = all(torch.equal(result, results[0]) for result in results)
        shared = all(torch.equal(result, result[:1].expand_as(result)) for result in results)
        self.require(
            fixed or not shared, "draws once for the whole batch; every sample needs a draw of its own"
        )

    def probability(self, spec: SampleSpec) -> None:
        x = samples(spec, BATCH, self.device)
        self.require(
            torch.equal(self.run(x, self.instance(spec), p=0.0), x), "changes samples although p is 0"
        )

    def resumes(self, spec: SampleSpec) -> None:
        """A new instance with the state of one that has seen a batch must go on like it."""
        first, second = (samples(spec, BATCH, self.device, seed) for seed in (1, 2))
        seasoned, resumed = self.instance(spec), self.instance(spec)
        self.run(first, seasoned)
        resumed.load_state(copy.deepcopy(seasoned.state()))
        same = torch.equal(self.run(second, seasoned, 1), self.run(second, resumed, 1))
        self.require(same, "does not go on alike after load_state(state()); a resumed run would differ")

    def missing_samples(self, spec: SampleSpec) -> None:
        """An eighth of one channel is missing in every second window; most of that channel must survive."""
        x = samples(spec, BATCH, self.device)
        length = spec.shape[-1]
        x[::2, 0, length // 4 : length // 4 + max(1, length // 8)] = torch.nan
        result = self.run(x, self.instance(spec))
        self.require(result[1::2].isfinite().all(), "carries NaN from one sample into others")
        spread = result.isnan().float().mean((0, 2)).max().item()
        self.require(
            spread <= 0.25 or length < 8,
            f"spreads NaN: an eighth of a channel was missing in every second window, {spread:.0%} of one is now",
        )
