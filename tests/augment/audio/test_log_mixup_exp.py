import numpy as np
import torch

from sslkit.augment.audio.log_mixup_exp import LogMixupExp, mix


def test_equals_the_formula(spectrograms, generator):
    past = torch.randn_like(spectrograms)
    shares = torch.rand(len(spectrograms))
    out = mix(spectrograms.exp(), past.exp(), shares)
    share = shares.double().numpy()[:, None, None, None]
    present, before = spectrograms.double().numpy(), past.double().numpy()
    expected = np.logaddexp(present + np.log(1 - share), before + np.log(share))
    np.testing.assert_allclose(out, expected, atol=1e-5)


def test_the_first_batch_passes_and_the_second_meets_it(generator):
    augmentation = LogMixupExp(0.4, memory=8)
    first, second = torch.randn(2, 3, 1, 5, 7).unbind(0)
    assert torch.equal(augmentation.apply(first, generator), first)
    mirror = torch.Generator()
    mirror.set_state(generator.get_state())
    places = torch.randint(3, (3,), generator=mirror)
    shares = torch.rand(3, generator=mirror) * 0.4
    expected = mix(second.exp(), first[places].exp(), shares)
    torch.testing.assert_close(augmentation.apply(second, generator), expected)


def test_the_memory_holds_the_newest(generator):
    augmentation = LogMixupExp(memory=5)
    values = torch.arange(23.0).view(23, 1, 1, 1).expand(23, 1, 2, 2)
    for size, start in [(2, 0), (2, 2), (3, 4), (1, 7), (12, 8), (3, 20)]:
        augmentation.apply(values[start : start + size], generator)
        newest = set(range(max(0, start + size - 5), start + size))
        kept = augmentation.state()["bank"][:, 0, 0, 0].log().round().int()
        assert set(kept.tolist()) == newest


def test_resumes_bit_for_bit():
    batches = torch.randn(9, 4, 1, 8, 6)

    def run(augmentation, steps):
        return [augmentation.apply(batches[i], torch.Generator().manual_seed(i)) for i in steps]

    for stop in (0, 1, 2, 3, 5, 8):
        whole, before, after = (LogMixupExp(memory=10) for _ in range(3))
        expected = run(whole, range(9))
        run(before, range(stop))
        after.load_state(before.state())
        got = run(after, range(stop, 9))
        assert all(torch.equal(a, b) for a, b in zip(expected[stop:], got, strict=True))


def test_the_state_is_a_copy(generator):
    augmentation = LogMixupExp(memory=4)
    augmentation.apply(torch.zeros(4, 1, 2, 2), generator)
    state = augmentation.state()
    augmentation.apply(torch.ones(4, 1, 2, 2), generator)
    assert (state["bank"] == 1).all()


def test_draws_and_identity(generator):
    augmentation = LogMixupExp(0.4, memory=30)
    augmentation.apply(torch.randn(20, 1, 2, 2), generator)
    places, shares = augmentation.draw(5000, generator)
    assert set(places.tolist()) == set(range(20))
    assert shares.min() >= 0 and 0.39 < shares.max() <= 0.4
    augmentation.alpha = 0.0
    x = torch.randn(6, 1, 2, 2)
    torch.testing.assert_close(augmentation.apply(x, generator), x, atol=1e-5, rtol=0)
