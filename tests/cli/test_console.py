"""Where tables are printed."""

from __future__ import annotations

from sslkit.cli.console import make_console


def test_numbers_and_paths_get_no_colours_of_their_own(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    make_console().print("12 runs in 'a/b'")
    assert capsys.readouterr().out == "12 runs in 'a/b'\n"
