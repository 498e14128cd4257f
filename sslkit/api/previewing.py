"""Views, shown before anything is trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sslkit.api.job import Job, silent
from sslkit.types import ReportProgress


def preview(
    config: str | Path,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    plugin_paths: Sequence[str | Path] = (),
    report: ReportProgress | None = None,
) -> tuple[Path, list[dict[str, Any]]]:
    """One HTML page that shows what the config's augmentations do to samples of its data; trains nothing.

    Args:
        config: a YAML file.
        overrides: ``a.b=c``, as on the command line.
        out: folder of the page; default ``runs/NAME-preview``.
        plugin_paths: plugin files or folders.
        report: told how far it is (data sets done, in all, words).

    Returns:
        The page's path and, for each data set, what it shows.

    Raises:
        SSLKitError: whatever the user can mend, in one message.

    >>> import tempfile
    >>> import sslkit
    >>> from sslkit.testing import tiny_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page, sections = sslkit.preview(tiny_study(folder), out=f"{folder}/page")
    >>> page.name, sections[0]["cards"][0]["name"]
    ('preview.html', 'jitter')
    """
    from sslkit.previews import write_preview

    job = Job.begin(config, overrides, out, plugin_paths, "-preview")
    return write_preview(job.study, job.registry, job.folder, report or silent)
