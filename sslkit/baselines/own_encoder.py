"""An encoder of the user's own, at the same labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from sslkit.deploy.encoder import Encoder, load_encoder
from sslkit.errors import SSLKitError, in_a_line
from sslkit.foreign import given_path
from sslkit.hookspecs import hookimpl
from sslkit.types import Baseline, ReportProgress, SampleSpec

if TYPE_CHECKING:
    from sslkit.assembly import Prepared
    from sslkit.evaluation.features import ResultRows
    from sslkit.registry import Registry


class OwnEncoder(Baseline):
    """Frozen features of a network that was trained elsewhere: of an earlier run, or of any other library.

    ``path`` is the folder that a run of sslkit left (with ``encoder.json``), or a TorchScript file
    (``torch.jit.trace(network, example).save("ours.pt")``) that takes decoded samples ``(B, *shape)`` in float32
    (images in 0…1, sensor windows in the units of the recording, waveforms in -1…1, missing values filled with 0) in
    batches of any size and gives features ``(B, D)``. Other formats are not read, for opening them can run any
    Python code; for anything else write a baseline as a plugin. If the encoder was trained on samples that are in the
    test part here, its figures are worth nothing: no guard can see that.

    Args:
        path: the folder or the file, from where the command is run.

    Raises:
        SSLKitError: by ``check``, nothing at ``path``, a file that cannot be read, an encoder of other samples, or
            features that are not ``(B, D)`` or not finite.
    """

    reads: ClassVar = ()

    def __init__(self, path: str) -> None:
        self.path = given_path(path)

    def check(self, prepared: Prepared) -> None:
        encoder, part = self._load(prepared), prepared.splits.train
        raw = part.x[np.arange(min(3, len(part)))].to(prepared.device)
        for batch in (raw, raw[:1]):
            try:
                with torch.no_grad():
                    features = encoder(batch)
            except (RuntimeError, ValueError, TypeError, IndexError) as error:
                raise SSLKitError(
                    f"{self.path}: cannot take {len(batch)} samples of shape {tuple(batch.shape[1:])}: "
                    f"{in_a_line(error)}"
                ) from error
            if not isinstance(features, Tensor) or features.ndim != 2 or len(features) != len(batch):
                found = tuple(features.shape) if isinstance(features, Tensor) else type(features).__name__
                raise SSLKitError(f"{self.path}: gives {found} for {len(batch)} samples: expected (B, D)")
            if not features.isfinite().all():
                raise SSLKitError(
                    f"{self.path}: its features of the first training samples are NaN or infinite"
                )

    def run(self, prepared: Prepared, seed: int, report: ReportProgress) -> ResultRows:
        """Rows of the same evaluators as a trained encoder's."""
        from sslkit.evaluation.features import extract
        from sslkit.running.evaluate import BATCH, parts, rows_of

        report(0, 1, "evaluating")
        encoder = self._load(prepared)
        features = {
            name: extract(encoder, part, BATCH, prepared.device) for name, part in parts(prepared).items()
        }
        return rows_of(prepared, features, seed)

    def _load(self, prepared: Prepared) -> nn.Module:
        encoder: nn.Module
        if not self.path.exists():
            raise SSLKitError(f"{self.path}: there is no such file or folder")
        if self.path.is_dir():
            encoder = load_encoder(self.path, prepared.registry)
            assert isinstance(encoder, Encoder)
            theirs, ours = encoder.spec, prepared.dataset.spec
            for what in ("modality", "shape", "rate_hz", "channels"):
                if getattr(theirs, what) != getattr(ours, what):
                    raise SSLKitError(
                        f"{self.path}: was trained on samples of {what} {getattr(theirs, what)}, these have "
                        f"{getattr(ours, what)}"
                    )
        else:
            encoder = _Script(self.path, prepared.dataset.spec)
        return encoder.to(prepared.device).eval()


class _Script(nn.Module):
    """A TorchScript network behind the decoding of samples."""

    def __init__(self, path: Path, spec: SampleSpec) -> None:
        super().__init__()
        try:
            self.network = torch.jit.load(str(path), map_location="cpu")
        except (RuntimeError, ValueError, OSError) as error:
            raise SSLKitError(
                f"{path}: is no TorchScript file that can be read ({in_a_line(error)[:200]}). Save one by "
                "torch.jit.trace(network, example).save(path)"
            ) from error
        self.spec = spec

    def forward(self, raw: Tensor) -> Tensor:
        features = self.network(self.spec.fill(self.spec.decode(raw)))
        return features.float() if isinstance(features, Tensor) else features


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("encoder", OwnEncoder)
