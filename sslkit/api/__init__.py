"""The program from Python, one call each. Heavy imports wait until a call needs them."""

from sslkit.api.comparing import ablate, compare, reproduce
from sslkit.api.encoders import embed, evaluate, load_encoder, pretrain
from sslkit.api.previewing import preview
from sslkit.environment import describe_environment

__all__ = [
    "ablate",
    "compare",
    "describe_environment",
    "embed",
    "evaluate",
    "load_encoder",
    "pretrain",
    "preview",
    "reproduce",
]
