"""What a run leaves in JSON: the shape of each file, and reading one that anybody may have written or edited.

``fields``: kinds of values. ``manifest``, ``runs``: a schema for each file. ``reading``: a file → its content, checked.
"""

from sslkit.records.fields import Record
from sslkit.records.manifest import Manifest
from sslkit.records.reading import read_record, whole_letters
from sslkit.records.runs import EncoderCard, Result, RunFacts, SamplesCard

__all__ = [
    "EncoderCard",
    "Manifest",
    "Record",
    "Result",
    "RunFacts",
    "SamplesCard",
    "read_record",
    "whole_letters",
]
