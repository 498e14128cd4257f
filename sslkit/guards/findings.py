"""What a guard found, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sslkit.errors import SSLKitError

SHOWN = 5  # examples


@dataclass(frozen=True)
class Finding:
    """One kind of leak between two parts.

    Args:
        guard: its name: ``groups``, ``windows``, ``copies``, ``near-copies``, ``statistics``, ``still``, ``equal``.
        text: what it means and what to do, for the user.
        leak: a leak stops a run (unless the config says otherwise); anything else is a warning.
        count, of: how many of how many samples (or groups) of the part that is judged.
        examples: a few pairs ``(part, row, part, row)``; rows count in the source's own part.
    """

    guard: str
    text: str
    leak: bool
    count: int
    of: int
    examples: tuple[tuple[str, int, str, int], ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """For the manifest."""
        return {**asdict(self), "examples": [list(example) for example in self.examples]}

    def words(self) -> str:
        """The text with its examples."""
        if not self.examples:
            return self.text
        listed = ", ".join(f"{one} {i} = {other} {j}" for one, i, other, j in self.examples)
        return f"{self.text} Rows of the source, e.g. {listed}."


def enforce(findings: Iterable[Finding], leaks: Literal["stop", "warn"], where: str) -> list[str]:
    """Warnings to say; with ``stop``, a leak raises.

    Raises:
        SSLKitError: all leaks in one message.
    """
    findings = list(findings)
    stops = [finding for finding in findings if finding.leak]
    if stops and leaks == "stop":
        listed = "\n".join(f"  {finding.words()}" for finding in stops)
        if all(finding.guard == "equal" for finding in stops):
            raise SSLKitError(f"{where}: {listed.strip()} To go on all the same: guards.leaks=warn.")
        raise SSLKitError(
            f"{where}: the parts leak into each other, and test figures would flatter:\n{listed}\n"
            "  To go on all the same, with the leak named in the report: guards.leaks=warn."
        )
    return [("a leak that the config lets pass: " if f.leak else "") + f.words() for f in findings]
