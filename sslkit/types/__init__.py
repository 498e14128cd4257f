"""What components agree on: the sample's description and one base class for each kind.

A component's constructor *is* its schema: parameters are the settings a config may give, annotations
(also ``Annotated[float, Field(gt=0)]``) are checked before any work starts, and the names in the kind's
``runtime`` are facts that only the program knows and a config may not set. ``common`` are settings that
every component of the kind takes without declaring them.

Shapes are written ``(B, *shape)``: a batch of ``B`` samples. Images are ``(C, H, W)``, sensor windows
``(C, T)``, audio clips ``(T,)`` and log-mel spectrograms ``(1, F, T)``.
"""

from sslkit.types.basics import (
    Component,
    ComponentSpec,
    Count,
    Factory,
    LabelBudget,
    NonNegative,
    Positive,
    Precision,
    Probability,
    ReportProgress,
)
from sslkit.types.judging import Baseline, Evaluator, Labelled, LabelTask, NetworkEvaluator
from sslkit.types.networks import Backbone, FrontEnd, Head, Objective
from sslkit.types.notes import Note
from sslkit.types.optimisation import Optimizer, Schedule
from sslkit.types.samples import Dataset, DataSource, Modality, Part, Samples, SampleSpec
from sslkit.types.views import Augmentation, Recipe

__all__ = [
    "Augmentation",
    "Backbone",
    "Baseline",
    "Component",
    "ComponentSpec",
    "Count",
    "DataSource",
    "Dataset",
    "Evaluator",
    "Factory",
    "FrontEnd",
    "Head",
    "LabelBudget",
    "LabelTask",
    "Labelled",
    "Modality",
    "NetworkEvaluator",
    "NonNegative",
    "Note",
    "Objective",
    "Optimizer",
    "Part",
    "Positive",
    "Precision",
    "Probability",
    "Recipe",
    "ReportProgress",
    "SampleSpec",
    "Samples",
    "Schedule",
]
