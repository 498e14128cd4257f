"""A file of a run → its content, held against its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sslkit.errors import SSLKitError
from sslkit.foreign import parse_json
from sslkit.records.fields import Record

SHOWN = 3  # faults that a message names


def read_record(path: Path, schema: type[Record]) -> dict[str, Any]:
    """The content as it stands in the file, where all that the schema names is what it should be.

    Raises:
        SSLKitError: missing, no JSON, of a version that is not known here, or with something that does not belong;
            names the places.
    """
    try:
        found = parse_json(path, schema.what)
    except FileNotFoundError:
        raise SSLKitError(f"{path}: there is no such file; expected {schema.what}.") from None
    if not isinstance(found, dict):
        raise SSLKitError(
            f"{path}: is not {schema.what}: it holds {type(found).__name__}. Choose another folder."
        )
    _check_format(path, found.get("format"), schema)
    try:
        schema.model_validate(whole_letters(found))
    except ValidationError as error:
        raise SSLKitError(
            f"{path}: is not {schema.what}: {_faults(error)}. It was edited, damaged, or is of another program: copy "
            "the folder again, or choose another."
        ) from None
    return found


def whole_letters(content: Any) -> Any:
    """A copy for eyes and for pydantic: names of files that are no UTF-8 come back as halves of letters."""
    return json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))


def _check_format(path: Path, found: Any, schema: type[Record]) -> None:
    """Files that say another version than ours are not guessed at."""
    if found is None or found == schema.written:
        return
    kind = schema.written.rpartition(" ")[0]
    if isinstance(found, str) and found.startswith(f"{kind} "):
        raise SSLKitError(
            f"{path}: has the format '{found[:60]}', and this sslkit reads '{schema.written}'. Update sslkit."
        )
    raise SSLKitError(f"{path}: is not {schema.what}: format is {str(found)[:60]!r}. Choose another folder.")


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False)
    words = [
        f"{'.'.join(str(part) for part in fault['loc'])[:120] or 'the whole'}: {fault['msg'][:200]}"
        for fault in faults[:SHOWN]
    ]
    return "; ".join(words) + (f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else "")
