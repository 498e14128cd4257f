"""sslkit: self-supervised learning on images, sensor time series and audio."""

from sslkit.hookspecs import hookimpl
from sslkit.types import (
    Augmentation,
    Backbone,
    DataSource,
    Evaluator,
    FrontEnd,
    Head,
    Modality,
    Objective,
    Optimizer,
    Recipe,
    SampleSpec,
    Schedule,
)

__version__ = "0.1.0"
