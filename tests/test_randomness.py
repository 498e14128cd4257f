from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import torch

from sslkit.randomness import derive, generator, numpy_generator


def test_a_seed_is_the_hash_of_its_key() -> None:
    expected = int(hashlib.sha256(b"3/views/17/0").hexdigest()[:16], 16) // 2
    assert derive(3, "views", 17, 0) == expected
    assert 0 <= expected < 2**63, "torch takes no more"


def test_the_same_in_every_process() -> None:
    """Python's own hash is salted for each process; a run that goes on elsewhere must not notice."""
    program = "from sslkit.randomness import derive; print(derive(1, 'order', 2))"
    outputs = {
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert outputs == {f"{derive(1, 'order', 2)}\n"}


def test_keys_are_independent() -> None:
    keys = [
        (seed, purpose, step, view)
        for seed in range(4)
        for purpose in "ab"
        for step in range(50)
        for view in (0, 1)
    ]
    seeds = np.array([derive(*key) for key in keys], dtype=np.uint64)
    assert len(set(seeds.tolist())) == len(keys)
    bits = (seeds[:, None] >> np.arange(63, dtype=np.uint64)) & np.uint64(1)
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 5 * 0.5 / len(keys) ** 0.5
    assert derive(1, "ab") != derive(1, "a", "b") and derive(1, 2) != derive(12)


def test_generators_are_seeded_by_it() -> None:
    seed = derive(5, "weights")
    expected = torch.rand(4, generator=torch.Generator().manual_seed(seed))
    assert torch.equal(torch.rand(4, generator=generator(5, "weights")), expected)
    assert generator(5, "weights", device="cpu").device == torch.device("cpu")
    np.testing.assert_array_equal(
        numpy_generator(5, "weights").random(4), np.random.default_rng(seed).random(4)
    )
