"""Kinds of values that files of runs hold, with their bounds."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0, le=2**53)]
Seed = Annotated[int, Field(ge=-(2**63), lt=2**64)]
Size = Annotated[int, Field(ge=1, lt=2**31)]
Real = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Shape = Annotated[list[Size], Field(min_length=1, max_length=4)]
Component = str | dict[str, Any]
LabelBudget = int | str
Scalar = str | bool | int | float | None


def _folder_name(name: str) -> str:
    if not name or name in (".", "..") or any(letter in name for letter in "/\\\0"):
        raise ValueError("is no name of a folder")
    return name


FolderName = Annotated[str, AfterValidator(_folder_name)]  # what is joined to a path never leads out of it


class Facts(BaseModel):
    """A part of a file. Keys that are not named may stand beside those that are, for later versions add some."""

    model_config = ConfigDict(strict=True, extra="allow")


class Record(Facts):
    """A whole file.

    Attributes:
        what: the file in words, for messages.
        written: its format as this version writes it; files of 0.1 have none.
    """

    what: ClassVar[str]
    written: ClassVar[str]
    format: str | None = None

    @classmethod
    def marked(cls, content: dict[str, Any]) -> dict[str, Any]:
        """The content with its format, as it is written."""
        return {"format": cls.written, **content}
