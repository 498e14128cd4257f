"""YAML → frozen, typed experiments."""

from sslkit.config.experiment import (
    COMPONENT_LISTS,
    COMPONENTS,
    OVERRIDABLE,
    SECTIONS,
    Experiment,
    Study,
    Tuning,
    Variant,
    ViewsConfig,
    label_of,
)
from sslkit.config.folder_names import as_folder_name
from sslkit.config.grid import short_names, value_text
from sslkit.config.merging import merge
from sslkit.config.parsing import load_study, parse_study, with_settings
from sslkit.config.tuning import own_value

__all__ = [
    "COMPONENTS",
    "COMPONENT_LISTS",
    "OVERRIDABLE",
    "SECTIONS",
    "Experiment",
    "Study",
    "Tuning",
    "Variant",
    "ViewsConfig",
    "as_folder_name",
    "label_of",
    "load_study",
    "merge",
    "own_value",
    "parse_study",
    "short_names",
    "value_text",
    "with_settings",
]
