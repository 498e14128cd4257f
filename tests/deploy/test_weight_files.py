"""Weights of anybody: read without running anything, and looked at before a network is made."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from sslkit.deploy.weight_files import read_weights, require_fit
from sslkit.errors import SSLKitError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    save_file({"net.weight": torch.arange(6.0).reshape(2, 3), "net.bias": torch.zeros(2)}, tmp_path / "w")
    return tmp_path / "w"


def outline(*size: int) -> nn.Module:
    with torch.device("meta"):
        return nn.Linear(*size)


def test_bytes_and_tensors(file: Path) -> None:
    content, tensors = read_weights(file)
    assert content == file.read_bytes() and torch.equal(tensors["net.weight"].flatten(), torch.arange(6.0))


def test_a_network_that_fits_and_those_that_do_not(file: Path) -> None:
    _, tensors = read_weights(file)
    require_fit(outline(3, 2), tensors, file, "net.")
    with pytest.raises(
        SSLKitError, match=r"net\.weight has the shape \(2, 3\) in the file, and the card says \(2, 4\)"
    ):
        require_fit(outline(4, 2), tensors, file, "net.")
    with pytest.raises(SSLKitError, match=r"other\.weight is missing"):
        require_fit(outline(3, 2), tensors, file, "other.")
    with pytest.raises(SSLKitError, match="card says"):  # 16 TB, which nobody allocates
        require_fit(outline(2**21, 2**21), tensors, file, "net.")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"junk",
        struct.pack("<Q", 2**62) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 60) + json.dumps({"a": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 4]}}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_weights_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "w"
    with pytest.raises(SSLKitError, match="the weights are missing"):
        read_weights(path)
    path.write_bytes(content)
    with pytest.raises(SSLKitError, match="not a readable safetensors file"):
        read_weights(path)
