"""Weights in safetensors files of anybody: read without running anything, and looked at before a network is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from sslkit.errors import SSLKitError
from sslkit.foreign import require_regular


def read_weights(path: Path) -> tuple[bytes, dict[str, Tensor]]:
    """The file's bytes, and the tensors in it.

    Raises:
        SSLKitError: missing, unreadable, or no safetensors file.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        content = require_regular(path).read_bytes()
        return content, load(content)
    except FileNotFoundError:
        raise SSLKitError(f"{path}: the weights are missing.") from None
    except (SafetensorError, OSError, ValueError) as error:
        raise SSLKitError(f"{path}: not a readable safetensors file: {error}.") from error


def require_fit(outline: nn.Module, tensors: Mapping[str, Tensor], path: Path, prefix: str) -> None:
    """Hold a network without memory (on the device ``meta``) against the tensors of a file.

    Raises:
        SSLKitError: a tensor is missing, or has another shape.
    """
    for name, tensor in outline.state_dict().items():
        wanted, found = tuple(tensor.shape), tensors.get(f"{prefix}{name}")
        there = None if found is None else tuple(found.shape)
        if there != wanted:
            has = "is missing" if there is None else f"has the shape {there} in the file"
            raise SSLKitError(
                f"{path}: does not fit its card: {prefix}{name} {has}, and the card says {wanted}. Copy both files "
                "again."
            )
