"""The deployable encoder: raw batches as the data source gives them → features; loading one runs no code of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sslkit.errors import SSLKitError, in_a_line
from sslkit.files import read_json, write_bytes, write_json
from sslkit.registry import Registry
from sslkit.types import Backbone, ComponentSpec, FrontEnd, SampleSpec

FORMAT = "sslkit encoder 1"
WEIGHTS, CARD = "encoder.safetensors", "encoder.json"


class Encoder(nn.Module):
    """Decode, front end, backbone.

    Args:
        spec: of the raw samples.
        frontend: with its statistics.
        backbone: the trained network.
        card: what is written beside the weights: architecture, classes, versions, training.
    """

    def __init__(
        self, spec: SampleSpec, frontend: FrontEnd, backbone: Backbone, card: dict[str, Any]
    ) -> None:
        super().__init__()
        self.spec, self.frontend, self.backbone, self.card = spec, frontend, backbone, card

    @property
    def out_dim(self) -> int:
        """Width of the features."""
        return self.backbone.out_dim

    def forward(self, raw: Tensor) -> Tensor:
        """Raw samples ``(B, *spec.shape)`` of the stored dtype → features ``(B, out_dim)`` float32.

        Raises:
            SSLKitError: another shape than the encoder was trained on.
        """
        if tuple(raw.shape[1:]) != self.spec.shape:
            raise SSLKitError(
                f"this encoder takes {self.spec.modality} samples of shape {self.spec.shape} in batches (B, …), "
                f"found an array of shape {tuple(raw.shape)}."
            )
        return self.backbone(self.spec.fill(self.frontend(self.spec.decode(raw)))).float()

    def save(self, folder: Path) -> None:
        """Write ``encoder.safetensors`` and ``encoder.json``, each atomically."""
        from safetensors.torch import save

        tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in self.state_dict().items()}
        write_bytes(folder / WEIGHTS, save(tensors))  # its own error of a full disk is no OSError
        write_json(folder / CARD, {"format": FORMAT, **self.card})


def make_card(
    spec: SampleSpec, frontend: ComponentSpec, backbone: ComponentSpec, out_dim: int, **facts: Any
) -> dict[str, Any]:
    """What it takes to build the encoder again, and whatever else the reader should know."""
    sample = {
        "modality": spec.modality,
        "shape": list(spec.shape),
        "rate_hz": spec.rate_hz,
        "channels": list(spec.channels),
        "scale": spec.scale,
        "missing": spec.missing,
    }
    return {
        "sample": sample,
        "frontend": frontend.to_plain(),
        "backbone": backbone.to_plain(),
        "out_dim": out_dim,
        **facts,
    }


def load_encoder(folder: str | Path, registry: Registry) -> Encoder:
    """Build the encoder that a run left, in evaluation mode.

    Raises:
        SSLKitError: files missing, unreadable, not of sslkit, or of a plugin that is not installed.
    """
    folder = Path(folder)
    card = read_json(folder / CARD, "an encoder's card (the folder of a run, with encoder.json)")
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise SSLKitError(f"{folder / CARD}: not an encoder's card of this version of sslkit.")
    try:
        sample = card["sample"]
        spec = SampleSpec(
            sample["modality"],
            tuple(sample["shape"]),
            sample["rate_hz"],
            tuple(sample["channels"]),
            float(sample["scale"]),
            bool(sample["missing"]),
        )
        specs = [_component(registry, kind, card[kind], folder / CARD) for kind in ("frontend", "backbone")]
        frontend = registry.build(specs[0], spec=spec)
        backbone = registry.build(specs[1], shape=frontend.out_spec.shape)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise SSLKitError(f"{folder / CARD}: no encoder can be built of it ({in_a_line(error)}).") from error
    encoder = Encoder(spec, frontend, backbone, card)
    _load_weights(encoder, folder / WEIGHTS)
    return encoder.eval()


def _component(registry: Registry, kind: str, plain: Any, where: Path) -> ComponentSpec:
    problems: list[Any] = []
    spec = registry.check(kind, plain, kind, problems)
    if spec is None:
        raise SSLKitError(f"{where}: " + "; ".join(str(problem) for problem in problems))
    return spec


def _load_weights(encoder: Encoder, path: Path) -> None:
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        encoder.load_state_dict(load(path.read_bytes()))
    except FileNotFoundError:
        raise SSLKitError(f"{path}: the weights are missing.") from None
    except (SafetensorError, OSError) as error:
        raise SSLKitError(f"{path}: not a readable safetensors file: {error}.") from error
    except RuntimeError as error:
        raise SSLKitError(
            f"{path}: does not fit its card: {str(error).splitlines()[-1].strip(' .')}."
        ) from error


def embed(encoder: Encoder, raw: Tensor, batch_size: int = 256) -> Tensor:
    """Features of many raw samples, in batches and without gradients."""
    encoder.eval()
    with torch.no_grad():
        return torch.cat([encoder(piece) for piece in raw.split(batch_size)])
