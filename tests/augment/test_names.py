from __future__ import annotations

import pytest

from sslkit.augment.names import augmentation_name
from sslkit.plugins import load_registry
from sslkit.registry import Entry

BUILT_INS = [entry for entry in load_registry()[0].entries("augmentation") if entry.source == "sslkit"]


@pytest.mark.parametrize("entry", BUILT_INS, ids=lambda entry: entry.name)
def test_messages_say_the_registered_name(entry: Entry) -> None:
    assert augmentation_name(entry.component.__new__(entry.component)) == entry.name
