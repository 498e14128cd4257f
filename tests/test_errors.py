"""Messages that a user can act on."""

from __future__ import annotations

import pytest

from sslkit.errors import MOST_SHOWN, ConfigError, Problem, SSLKitError, bounded, did_you_mean, in_a_line


def test_a_problem_says_where_why_and_what_to_do() -> None:
    assert str(Problem("a.b", "is empty", "Give one.")) == "a.b: is empty. Give one."
    assert str(Problem("a.b", "is empty")) == "a.b: is empty."
    assert str(Problem("", "is empty")) == "config: is empty."


def test_a_config_error_has_every_problem() -> None:
    problems = [Problem("a", "is empty"), Problem("b", "is none")]
    error = ConfigError(problems, "c.yaml")
    assert isinstance(error, SSLKitError) and error.problems == problems
    assert str(error) == "c.yaml: 2 problems\n  a: is empty.\n  b: is none."
    assert str(ConfigError(problems[:1])) == "config: 1 problem\n  a: is empty."


@pytest.mark.parametrize(("more", "last"), [(0, ""), (1, "  and 1 more"), (5, "  and 5 more")])
def test_a_long_list_of_problems_ends(more: int, last: str) -> None:
    error = ConfigError([Problem(f"p{i}", "is bad") for i in range(MOST_SHOWN + more)])
    lines = str(error).splitlines()
    assert len(error.problems) == MOST_SHOWN + more
    assert lines[MOST_SHOWN] == f"  p{MOST_SHOWN - 1}: is bad."
    assert "\n".join(lines[MOST_SHOWN + 1 :]) == last


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("bad.\nsecond line"), "ValueError: bad"),
        (ValueError("  bad:  "), "ValueError: bad"),
        (ValueError(), "ValueError"),
        (KeyError("x"), "KeyError: 'x'"),
        (RuntimeError("x" * 1000), "RuntimeError: " + "x" * 300),
    ],
)
def test_a_foreign_error_in_a_line(error: Exception, words: str) -> None:
    assert in_a_line(error) == words


@pytest.mark.parametrize(
    ("name", "valid", "advice"),
    [
        ("simclrr", ["byol", "simclr"], "Did you mean 'simclr'?"),
        ("xyz", ["simclr", "byol"], "Valid: byol, simclr."),
        ("xyz", [], "None is available."),
        (7, ["7a", "b"], "Did you mean '7a'?"),
    ],
)
def test_advice_for_a_misspelt_name(name: object, valid: list[str], advice: str) -> None:
    assert did_you_mean(name, valid) == advice


@pytest.mark.parametrize(
    "text", ["a" * 250_000, "\n".join(f"{n}: {'b' * 90}" for n in range(9000)), "c" * 2000]
)
def test_a_message_fits_a_screen(text: str) -> None:
    found = bounded(text)
    assert len(found) <= 2000 and found[:300] == text[:300] and found[-50:] == text[-50:]
    assert (found == text) or "letters are cut out here" in found


def test_long_lines_are_cut_before_whole_lines() -> None:
    text = "\n".join(["first", "valid: " + "name, " * 500, "last"])
    lines = bounded(text).splitlines()
    assert (lines[0], lines[2]) == ("first", "last") and 480 < len(lines[1]) <= 500
