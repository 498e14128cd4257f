"""``sslkit preview``. What the page shows is tested in ``tests/previews``."""

from __future__ import annotations

from sslkit.cli import run


def test_the_table_names_the_augmentations_and_the_page_is_where_it_says(config_file, tmp_path, capsys):
    assert run(["preview", str(config_file), "--out", str(tmp_path / "out")]) == 0
    out = capsys.readouterr().out
    page = tmp_path / "out" / "preview.html"
    assert out.splitlines()[-1] == f"preview: {page}"
    assert page.stat().st_size > 1000
    assert "jitter" in out and "scaling" in out and "sigma" in out


def test_names_in_brackets_are_shown_as_they_are(config_file, tmp_path, capsys):
    assert run(["preview", str(config_file), "name='[red]x'", "--out", str(tmp_path / "out")]) == 0
    assert "[red]x" in capsys.readouterr().out
