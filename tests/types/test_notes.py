from sslkit.types import Note
from sslkit.types.notes import note_text, some


def test_a_note_is_a_sentence_with_count_names_reason_and_cure() -> None:
    note = Note("rows are not used", 40, 1640, ("fall",), "their stretches are short", "Set length: 40.")
    assert str(note) == "40 of 1,640 rows are not used (fall): their stretches are short. Set length: 40."
    assert str(Note("Synthetic speech.")) == "Synthetic speech."


def test_plain_notes_carry_their_text_and_what_is_there() -> None:
    plain = Note("files are left out", 2, which=("a.txt", "b.txt"), warning=True).to_plain()
    assert plain == {
        "what": "files are left out",
        "count": 2,
        "which": ("a.txt", "b.txt"),
        "warning": True,
        "text": "2 files are left out (a.txt, b.txt).",
    }
    assert note_text(plain) == plain["text"] and note_text("of an older manifest") == "of an older manifest"


def test_many_names_are_cut() -> None:
    assert some(tuple("abcdefghijk"), 3) == "a, b, c and 8 more"
