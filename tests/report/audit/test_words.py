"""The audit in words."""

from __future__ import annotations

from dataclasses import replace

from sslkit.report.audit.audits import audits_of, best_audit
from sslkit.report.audit.words import (
    audit_note,
    audit_sentences,
    class_name,
    group_name,
    leak_words,
    share_interval_words,
)
from sslkit.report.members import Member
from sslkit.statistics.audit.breakdown import Subgroup
from tests.report.fake_member import fake_member


def test_names_of_the_source_else_numbers(member: Member) -> None:
    assert (class_name(member, 3), class_name(member, 99)) == ("dress", "99")
    assert (group_name(member, 5), group_name(member, 4)) == ("Mr <b> Jones", "group 4")
    assert share_interval_words(Subgroup(0, 0.85, 20, (0.812, 0.897), "samples")) == "81 … 90"


def test_worst_class_worst_group_and_what_is_taken_for_what(member: Member) -> None:
    worst, confused = audit_sentences(audits_of(member), member)
    assert worst.startswith("byol is right in ")
    assert "its worst class is “dress”" in worst and "its worst group is Mr <b> Jones with 0.0 %" in worst
    assert confused.startswith("Most often byol takes “dress” for “shirt”: ")


def test_perfect_answers_confuse_nothing(member: Member) -> None:
    top = best_audit(audits_of(member))
    perfect = replace(top, confusion=top.confusion * [[float(i == j) for j in range(10)] for i in range(10)])
    assert len(audit_sentences([perfect], member)) == 1


def test_the_note_says_how_intervals_were_made(member: Member) -> None:
    found = audits_of(member)
    assert "Accuracy in % with all labels (linear)" in audit_note(found)
    assert "bootstrap over whole groups" in audit_note(found)
    assert "Wilson's, for independent samples." in audit_note([replace(item, groups=[]) for item in found])
    assert audit_note([]) == ""


def test_leaks_with_their_rows(member: Member) -> None:
    assert leak_words(member) == {
        "checked": ["copies"],
        "found": ["3 of 600 samples | are <b>copies</b>. Rows of the source, e.g. test 7 = training 9."],
    }
    assert leak_words(fake_member({})) == {"checked": [], "found": []}
