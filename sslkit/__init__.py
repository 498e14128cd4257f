"""sslkit: self-supervised learning on images, sensor time series and audio."""

import os

# On Apple's GPU the CPU does what Metal lacks; torch reads it when it is loaded.
os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")

from sslkit.api import (
    ablate,
    compare,
    describe_environment,
    embed,
    evaluate,
    load_encoder,
    pretrain,
    preview,
    reproduce,
)
from sslkit.errors import ConfigError, SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import (
    Augmentation,
    Backbone,
    Baseline,
    Count,
    Dataset,
    DataSource,
    Evaluator,
    Factory,
    FrontEnd,
    Head,
    Modality,
    Objective,
    Optimizer,
    Part,
    Positive,
    Probability,
    Recipe,
    SampleSpec,
    Schedule,
)

__version__ = "0.1.0"

__all__ = [
    "Augmentation",
    "Backbone",
    "Baseline",
    "ConfigError",
    "Count",
    "DataSource",
    "Dataset",
    "Evaluator",
    "Factory",
    "FrontEnd",
    "Head",
    "Modality",
    "Objective",
    "Optimizer",
    "Part",
    "Positive",
    "Probability",
    "Recipe",
    "SSLKitError",
    "SampleSpec",
    "Schedule",
    "ablate",
    "compare",
    "describe_environment",
    "embed",
    "evaluate",
    "hookimpl",
    "load_encoder",
    "pretrain",
    "preview",
    "reproduce",
]
