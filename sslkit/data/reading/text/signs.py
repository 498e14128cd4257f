"""Whether numbers have a decimal comma or point, and a sign between thousands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sslkit.errors import SSLKitError

DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
DECIMAL_POINT = re.compile(r"[+-]?\d*\.\d+([eE][+-]?\d+)?")
POINT_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
BOTH = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+[.,]\d+")


def number_signs(cells: Sequence[str], decimal: str | None, thousands: str, where: str) -> tuple[str, str]:
    """The decimal sign of some cells, and the sign between thousands, which only the user can say.

    Args:
        cells: of the first rows.
        decimal, thousands: as the user set them.
        where: the file, for messages.

    Raises:
        SSLKitError: numbers that can be read in two ways.
    """
    if decimal is not None or thousands in (",", "."):
        return decimal or ("," if thousands == "." else "."), thousands
    commas = [cell for cell in cells if DECIMAL_COMMA.fullmatch(cell) or THOUSANDS.fullmatch(cell)]
    both = next((cell for cell in cells if BOTH.fullmatch(cell)), None)
    if both and not thousands and len({*both} & {".", ","}) == 2:
        signs = [sign for sign in both if sign in ".,"]
        raise SSLKitError(
            f"{where}: '{both}' has a sign between thousands. Set reading: {{decimal: '{signs[-1]}', thousands: "
            f"'{signs[0]}'}}."
        )
    sure = [cell for cell in commas if not THOUSANDS.fullmatch(cell)]
    points = [cell for cell in cells if DECIMAL_POINT.fullmatch(cell)]
    if commas and not sure and not points and not thousands:
        raise SSLKitError(
            f"{where}: numbers like '{commas[0]}' can be read in two ways. Set reading: {{decimal: ','}}, or reading: "
            "{thousands: ','}."
        )
    if sure and points and not thousands and all(POINT_THOUSANDS.fullmatch(cell) for cell in points):
        raise SSLKitError(
            f"{where}: there are numbers like '{sure[0]}' and like '{points[0]}'. If the point is between thousands, "
            "set reading: {decimal: ',', thousands: '.'}; else set reading: {decimal: ','}."
        )
    is_comma = bool(sure) or bool(commas and not points)  # numbers with a point are read all the same
    return "," if is_comma else ".", thousands
