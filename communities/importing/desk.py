"""What the pages of an import must know of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias
from uuid import UUID

from communities.models import User
from config.kernel.intake.kinds import Kind
from config.kernel.intake.models import Import, ImportRow


class Opened(NamedTuple):
    """An import somebody may see, with the page it belongs to: what that is called, and its address."""

    upload: Import
    home_title: str
    home: str


Access: TypeAlias = Callable[[User, UUID], Opened]


def no_remarks(_upload: Import) -> list[str]:
    return []


def no_choices(_row: ImportRow) -> list[tuple[str, str]]:
    return []


def nothing_more(_upload: Import, _row: ImportRow) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Desk:
    """`access` is the only way to an import of the kind: it raises NotFound or Forbidden. `shown` are the fields in the
    table of rows; with `hides_absent` only those the file has; `headings` (msgids) of fields that no file names.
    `remarks` says what is to be told about the file as a whole before it is confirmed.

    `stops` are questions about the whole file that need a yes of their own; `choices` are (text of the field `how`,
    label) pairs a person can settle a row with. A kind with a mending form of its own names its template, what that is
    shown besides, and how what was sent becomes texts of fields.
    """

    kind: Kind
    namespace: str
    access: Access
    shown: tuple[str, ...]
    remarks: Callable[[Import], list[str]] = no_remarks
    hides_absent: bool = False
    headings: Mapping[str, str] = field(default_factory=dict)
    stops: Callable[[Import], list[str]] = no_remarks
    choices: Callable[[ImportRow], list[tuple[str, str]]] = no_choices
    row_template: str = "imports/row.html"
    row_context: Callable[[Import, ImportRow], Mapping[str, object]] = nothing_more
    texts: Callable[[Import, Mapping[str, str]], dict[str, str]] | None = None

    @property
    def urls(self) -> dict[str, str]:
        """Names of the pages as `{% url %}` takes them."""
        names = ("import", "progress", "row", "decide", "take_doubtful", "confirm")
        files = ("left_out_xlsx", "left_out_csv")
        return {name: f"{self.namespace}:{name.replace('_', '-')}" for name in (*names, *files)}
