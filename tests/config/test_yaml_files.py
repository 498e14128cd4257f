"""The three YAML traps, and errors that name the line."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sslkit.config.yaml_files import parse_yaml, read_mapping
from sslkit.errors import SSLKitError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e-3", 1e-3),
        ("1E5", 1e5),
        ("-2.5e+3", -2500.0),
        ("0.1", 0.1),
        (".5", 0.5),
        ("5.", 5.0),
        ("3", 3),
        ("-7", -7),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("2024-01-01", "2024-01-01"),
        ("0123", "0123"),
        ("1:30", "1:30"),
        ("e3", "e3"),
    ],
)
def test_scalars_mean_what_they_say(text, expected):
    found = parse_yaml(text, "test")
    assert found == expected
    assert type(found) is type(expected)


def test_special_floats():
    assert parse_yaml(".inf", "test") == math.inf
    assert math.isnan(parse_yaml(".nan", "test"))


def test_key_on_stays_a_word():
    assert parse_yaml("on: 1", "test") == {"on": 1}


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: {b: 1, b: 1}"])
def test_duplicate_keys_are_errors(text):
    with pytest.raises(SSLKitError, match=r"line \d+.*stands twice"):
        parse_yaml(text, "test")


@pytest.mark.parametrize(
    "text", ["a: [1", "a: b: c", "\tx: 1", "a: !!python/object:os.system {}", "? [1, 2]\n: 3"]
)
def test_no_yaml(text):
    with pytest.raises(SSLKitError, match="not valid YAML"):
        parse_yaml(text, "test")


def test_anchors_and_merges_work():
    text = "base: &b {x: 1, y: 2}\nother: {<<: *b, y: 3}"
    assert parse_yaml(text, "test")["other"] == {"x": 1, "y": 3}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "found nothing"),
        (b"- 1", "found list"),
        (b"just words", "found str"),
        (b"\xff\xfe\x00", "text file"),
        (b"1: 2", "keys must be words"),
    ],
)
def test_files_that_hold_no_mapping(tmp_path, content, message):
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    with pytest.raises(SSLKitError, match=message):
        read_mapping(path)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(SSLKitError, match="no such config file"):
        read_mapping(tmp_path / "none.yaml")
    with pytest.raises(SSLKitError, match="cannot be read"):
        read_mapping(tmp_path)


BOMB = "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: !!bool maybe", "is no bool"),
        ("a: !!int ''", "is no int"),
        ("a: !!float x", "is no float"),
        ("a: !!timestamp nope", "is none for a config"),
        ("a: !!map [1]", "is none for a config"),
        ("a: !!seq {b: 1}", "is none for a config"),
        ("a: !!str [1]", "is none for a config"),
        ("a: !!set {b}", "is none for a config"),
        ("a: !!binary aGk=", "is none for a config"),
        ("a: !!python/object/apply:os.system [ls]", "is none for a config"),
        ("a: !own x", "is none for a config"),
        ("a: &a [*a]", "stands inside of what it names"),
        (BOMB, "aliases stand for more than"),
        ("[" * 5000, "nested too deeply"),
        (f"a: {'9' * 400}", "a whole number of 400 digits"),
    ],
)
def test_tags_and_aliases_of_strangers(text, message):
    with pytest.raises(SSLKitError, match=message):
        parse_yaml(text, "test")


def test_no_device_and_no_huge_file_is_read(tmp_path):
    with pytest.raises(SSLKitError, match="no regular file"):
        read_mapping(Path("/dev/zero"))
    (tmp_path / "c.yaml").write_text("a: 1\n#" + "x" * 1_000_000)
    with pytest.raises(SSLKitError, match="a config has at most 1,000,000"):
        read_mapping(tmp_path / "c.yaml")
