"""A backbone's weights in the form of the library that its network comes from: torchvision or timm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from torch import Tensor

from sslkit.deploy.encoder import Encoder
from sslkit.errors import SSLKitError
from sslkit.files import write_bytes

Library = Literal["torchvision", "timm"]
RESNETS = ("resnet18", "resnet34", "resnet50")  # torchvision and timm give their parameters the same names


def write_library_weights(encoder: Encoder, library: Library, output: Path) -> str:
    """Write a safetensors file that the library's own network takes with ``strict=True``.

    The network has no classifier (torchvision: ``fc = torch.nn.Identity()``; timm: ``num_classes=0``). What it takes is
    what the front end gives, which is not part of it: its settings and statistics are in the file's metadata.

    Args:
        encoder: of a run, with a backbone resnet18, resnet34, resnet50, or any of timm.
        library: whose names the parameters get.
        output: the file.

    Returns:
        Lines of Python that build the network and load the file.

    Raises:
        SSLKitError: a backbone that the library does not have.
    """
    from safetensors.torch import save

    name, settings = encoder.card["backbone"]["name"], encoder.card["backbone"]
    model = name if name in RESNETS else settings.get("model", "") if name == "timm" else ""
    if not model or (name == "timm" and library == "torchvision"):
        own = f"timm's {model}" if model else name
        raise SSLKitError(
            f"{library} has no network with the weights of the backbone {own}. torchvision has those of "
            f"{', '.join(RESNETS)}; timm these and all of the backbone timm."
        )
    network = encoder.backbone.get_submodule("network")
    tensors = {key: value.detach().cpu().contiguous() for key, value in network.state_dict().items()}
    channels = encoder.frontend.out_spec.shape[0]
    lines = _loading(library, model, channels, tensors, output)
    statistics = {
        key: value.tolist() for key, value in encoder.frontend.state_dict().items() if value.numel() < 1000
    }
    facts = {
        "model": model,
        "channels": channels,
        "frontend": encoder.card["frontend"],
        "statistics": statistics,
    }
    metadata = {**{key: json.dumps(value) for key, value in facts.items()}, "load": lines, "format": "pt"}
    write_bytes(output, save(tensors, metadata))
    return lines


def is_library_weights(path: Path) -> bool:
    """Whether ``write_library_weights`` wrote it."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            return {"model", "frontend", "load"} <= (file.metadata() or {}).keys()
    except (SafetensorError, OSError):
        return False


def _loading(library: Library, model: str, channels: int, tensors: dict[str, Tensor], output: Path) -> str:
    lines = ["import torch", f"import {library}", "from safetensors.torch import load_file"]
    if library == "timm":
        lines.append(f"network = timm.create_model('{model}', num_classes=0, in_chans={channels})")
    else:
        lines += [f"network = torchvision.models.{model}()", "network.fc = torch.nn.Identity()"]
    stem = tensors.get("conv1.weight")
    if model in RESNETS and stem is not None and stem.shape[-1] == 3:
        lines.append(f"network.conv1 = torch.nn.Conv2d({channels}, 64, 3, padding=1, bias=False)")
        lines.append("network.maxpool = torch.nn.Identity()")
    elif library == "torchvision" and channels != 3:
        lines.append(f"network.conv1 = torch.nn.Conv2d({channels}, 64, 7, stride=2, padding=3, bias=False)")
    lines.append(f"network.load_state_dict(load_file({str(output)!r}), strict=True)")
    return "\n".join(lines)
