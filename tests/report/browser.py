"""A headless Chromium for tests of pages; tests that ask for it are skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MINUTE = 60_000  # milliseconds


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's Chromium under playwright; skips the test where one of them is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (test extra)")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on the path ({', '.join(NAMES)})")
    with playwright.sync_playwright() as driver:
        # the sandbox needs rights that containers lack; the pages are our own
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"], timeout=2 * MINUTE)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page, what it complained about, and the addresses that it asked for beside its own file."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Any, path: Path, width: int = 1200, scheme: str = "light") -> Iterator[Opened]:
    """The file in a window of its own, ``width`` pixels wide."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(2 * MINUTE)
    found = Opened(page)
    page.on("console", lambda line: found.errors.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("request", lambda request: found.requests.append(request.url))
    page.goto(path.as_uri())
    found.requests = [url for url in found.requests if url != path.as_uri() and not url.startswith("data:")]
    yield found
    context.close()
