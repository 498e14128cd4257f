from sslkit.data.reading.notes import merged
from sslkit.types import Note


def test_notes_of_many_files_become_one() -> None:
    notes = [
        Note("lines are left out", 2, 10, ("a",), "why"),
        Note("other"),
        Note("lines are left out", 3, 20, ("b",)),
    ]
    assert [str(note) for note in merged(notes)] == ["5 of 30 lines are left out (a, b): why.", "other."]
