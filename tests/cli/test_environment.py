"""``sslkit env``. What the block says is tested in ``tests/test_environment.py``."""

from __future__ import annotations

from sslkit.cli import run
from sslkit.environment import describe_environment


def names_of(block: str) -> list[str]:
    return [line.split()[0] for line in block.splitlines()]


def test_the_block_is_printed_with_the_plugins_of_the_command(tmp_path, capsys):
    (tmp_path / "mine.py").write_text("raise RuntimeError('out of order')\n", encoding="utf-8")
    assert run(["env", "--plugin-path", str(tmp_path / "mine.py")]) == 0
    out = capsys.readouterr().out
    assert names_of(out) == names_of(describe_environment((str(tmp_path / "mine.py"),)))
    assert out.startswith("sslkit ") and "RuntimeError: out of order" in out


def test_a_plugin_path_that_is_not_there_does_not_stop_it(tmp_path, capsys):
    assert run(["env", "--plugin-path", str(tmp_path / "none.py")]) == 0
    assert "there is no such file or folder" in capsys.readouterr().out
