"""The deployable encoder: raw batches as the data source gives them → features; loading one runs no code of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sslkit.deploy.values import check_range_of_values
from sslkit.deploy.weight_files import read_weights, require_fit
from sslkit.errors import SSLKitError, in_a_line
from sslkit.files import write_bytes, write_json
from sslkit.records import EncoderCard, read_record
from sslkit.registry import Registry
from sslkit.types import Backbone, ComponentSpec, FrontEnd, SampleSpec

WEIGHTS, CARD = "encoder.safetensors", "encoder.json"
DIGEST = "weights_sha256"  # a card's key; cards of 0.1 have none


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
        self.is_deployed = False  # loaded from files, to be given samples of any origin

    @property
    def out_dim(self) -> int:
        """Width of the features."""
        return self.backbone.out_dim

    def forward(self, raw: Tensor) -> Tensor:
        """Raw samples ``(B, *spec.shape)`` of the stored dtype → features ``(B, out_dim)`` float32.

        Raises:
            SSLKitError: another shape than the encoder was trained on, no tensor of real numbers, or (of an encoder
            that was loaded) values in another range.
        """
        self._check_batch(raw)
        features: Tensor = self.backbone(self.spec.fill(self.frontend(self.spec.decode(raw))))
        return features.float()

    def _check_batch(self, raw: Tensor) -> None:
        takes = (
            f"this encoder takes {self.spec.modality} samples of shape {self.spec.shape} in batches (B, …)"
        )
        if not isinstance(raw, Tensor):
            raise SSLKitError(
                f"{takes}, as a tensor, found {type(raw).__name__}. Use torch.as_tensor(samples)."
            )
        if tuple(raw.shape[1:]) != self.spec.shape:
            raise SSLKitError(f"{takes}, found an array of shape {tuple(raw.shape)}.")
        if raw.is_complex() or raw.dtype == torch.bool:
            raise SSLKitError(f"{takes}, of real numbers, found {str(raw.dtype).removeprefix('torch.')}.")
        if self.is_deployed:
            check_range_of_values(raw, self.spec)

    def save(self, folder: Path) -> None:
        """Write ``encoder.safetensors`` and ``encoder.json`` with its digest, each atomically."""
        from safetensors.torch import save

        tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in self.state_dict().items()}
        content = save(tensors)
        write_bytes(folder / WEIGHTS, content)  # its own error of a full disk is no OSError
        write_json(folder / CARD, EncoderCard.marked({**self.card, DIGEST: _digest(content)}))


def _digest(weights: bytes) -> str:
    return hashlib.sha256(weights).hexdigest()


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
        SSLKitError: files missing, unreadable, changed since they were written, not of sslkit, or of a plugin that is
            not installed.
    """
    folder = Path(folder)
    card = read_record(folder / CARD, EncoderCard)
    content, tensors = read_weights(folder / WEIGHTS)
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
        with torch.device("meta"):  # nothing is allocated for sizes that somebody wrote into a card
            outline = registry.build(specs[1], shape=frontend.out_spec.shape)
        require_fit(outline, tensors, folder / WEIGHTS, "backbone.")
        backbone = registry.build(specs[1], shape=frontend.out_spec.shape)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise SSLKitError(f"{folder / CARD}: no encoder can be built of it ({in_a_line(error)}).") from error
    encoder = Encoder(spec, frontend, backbone, card)
    encoder.is_deployed = True
    _take_weights(encoder, content, tensors, folder / WEIGHTS)
    return encoder.eval()


def _component(registry: Registry, kind: str, plain: Any, where: Path) -> ComponentSpec:
    problems: list[Any] = []
    spec = registry.check(kind, plain, kind, problems)
    if spec is None:
        raise SSLKitError(f"{where}: " + "; ".join(str(problem) for problem in problems))
    return spec


def _take_weights(encoder: Encoder, content: bytes, tensors: dict[str, Tensor], path: Path) -> None:
    try:
        encoder.load_state_dict(tensors)
    except RuntimeError as error:
        raise SSLKitError(
            f"{path}: does not fit its card: {str(error).splitlines()[-1].strip().rstrip('.')}."
        ) from error
    if encoder.card.get(DIGEST, _digest(content)) != _digest(content):
        raise SSLKitError(
            f"{path}: is damaged, or of another run: these are not the weights that its card {CARD} was written with."
        )


@torch.no_grad()
def embed(encoder: Encoder, raw: Tensor, batch_size: int = 256) -> Tensor:
    """Features ``(N, out_dim)`` of raw samples ``(N, *spec.shape)``, in batches on the encoder's device.

    The encoder is put into evaluation mode; the features are on the CPU.
    """
    device = next(encoder.parameters()).device
    encoder.eval()
    pieces = [raw[start : start + batch_size] for start in range(0, len(raw), batch_size)]
    return torch.cat([encoder(piece.to(device)).cpu() for piece in pieces])
