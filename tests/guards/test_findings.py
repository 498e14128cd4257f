"""What becomes of findings: leaks stop, or are let pass and said."""

from __future__ import annotations

import json

import pytest

from sslkit.errors import SSLKitError
from sslkit.guards.findings import Finding, enforce

LEAK = Finding("copies", "2 of 9 test samples are copies.", True, 2, 9, (("test", 3, "training", 7),))
WARNING = Finding("statistics", "The samples look standardised.", False, 9, 9)


def test_words_name_rows_of_the_source() -> None:
    assert LEAK.words() == "2 of 9 test samples are copies. Rows of the source, e.g. test 3 = training 7."
    assert WARNING.words() == "The samples look standardised."


def test_the_manifest_has_it_as_json() -> None:
    plain = json.loads(json.dumps(LEAK.to_plain()))
    assert plain == {
        "guard": "copies", "text": LEAK.text, "leak": True, "count": 2, "of": 9,
        "examples": [["test", 3, "training", 7]],
    }  # fmt: skip


def test_leaks_stop_all_in_one_message() -> None:
    with pytest.raises(SSLKitError) as error:
        enforce([LEAK, WARNING, LEAK], "stop", "watch")
    text = str(error.value)
    assert text.startswith("watch: the parts leak into each other")
    assert text.count(LEAK.words()) == 2 and WARNING.text not in text
    assert "guards.leaks=warn" in text


def test_warnings_and_leaks_that_are_let_pass_are_said() -> None:
    assert enforce([WARNING], "stop", "watch") == [WARNING.text]
    assert enforce(iter([LEAK, WARNING]), "warn", "watch") == [
        f"a leak that the config lets pass: {LEAK.words()}",
        WARNING.text,
    ]
    assert enforce([], "stop", "watch") == []
