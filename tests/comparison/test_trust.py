"""Plugin files that a manifest names run only where the user says so."""

from __future__ import annotations

import pytest

from sslkit.comparison.trust import plugin_files
from sslkit.errors import SSLKitError
from sslkit.foreign import file_digest


@pytest.fixture
def plugin(tmp_path):
    file = tmp_path / "theirs.py"
    file.write_text("raise SystemExit('it ran')\n")
    return file


def manifest_of(file, **more):
    return {"plugins": [{"name": "theirs", "version": "local file", "source": str(file), **more}]}


def test_it_is_named_with_its_hash_and_not_taken(plugin):
    digest = file_digest(plugin)
    for recorded, words in (
        (digest, "as in the manifest"),
        ("0" * 64, "NOT the manifest's 0000"),
        (None, "none to compare with"),
    ):
        with pytest.raises(SSLKitError) as error:
            plugin_files(manifest_of(plugin, sha256=recorded), (), trust=False)
        assert str(plugin) in str(error.value)
        assert digest[:16] in str(error.value)
        assert words in str(error.value)


def test_trusted_or_given_it_is_taken(plugin):
    assert plugin_files(manifest_of(plugin), (), trust=True) == ((str(plugin),), [])
    for given in (str(plugin), str(plugin.parent)):
        assert plugin_files(manifest_of(plugin), (given,), trust=False) == ((given,), [])


def test_one_that_is_gone_is_said(tmp_path):
    paths, lost = plugin_files(manifest_of(tmp_path / "gone.py"), (), trust=False)
    assert paths == ()
    assert "gone.py is gone" in lost[0]


def test_one_that_was_changed_since_is_said(plugin):
    for given, trust in (((), True), ((str(plugin),), False)):
        _, said = plugin_files(manifest_of(plugin, sha256="0" * 64), given, trust)
        assert len(said) == 1 and "sha256 0000000000000000… then" in said[0]
        assert plugin_files(manifest_of(plugin, sha256=file_digest(plugin)), given, trust)[1] == []
