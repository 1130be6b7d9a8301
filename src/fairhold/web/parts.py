"""The pieces pages are made of, each with one template in `parts/`. `{{ piece }}` in a template renders it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

_request: ContextVar[HttpRequest] = ContextVar("fairhold_request")


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    """While a request is answered, forms made by pieces carry its proof of origin."""
    mark = _request.set(request)
    try:
        yield
    finally:
        _request.reset(mark)


class Part:
    """A piece that renders itself. Everything in it is escaped unless it is a piece too."""

    template: ClassVar[str]
    posts: ClassVar[bool] = False

    def __str__(self) -> SafeString:
        context = {"part": self} | ({"csrf_token": get_token(_request.get())} if self.posts else {})
        return SafeString(render_to_string(f"parts/{self.template}.html", context).strip())

    def __html__(self) -> SafeString:
        return self.__str__()


@dataclass(frozen=True)
class Tag(Part):
    """A state in a coloured box. Colour never says more than the text. Colours: those of the GOV.UK tag."""

    text: str
    colour: str = ""
    template: ClassVar[str] = "tag"


@dataclass(frozen=True)
class Text(Part):
    """Some words as a line of their own; `look`: small."""

    text: str
    look: str = ""
    template: ClassVar[str] = "text"


@dataclass(frozen=True)
class Several(Part):
    """Some pieces after one another in one place."""

    pieces: Sequence[Part]

    def __str__(self) -> SafeString:
        return SafeString("".join(str(piece) for piece in self.pieces))


@dataclass(frozen=True)
class Link(Part):
    """A link; `hidden` completes it for those who hear it out of its place."""

    text: str
    href: str
    hidden: str = ""
    template: ClassVar[str] = "link"


@dataclass(frozen=True)
class Empty(Part):
    """What stands where there is nothing: why, and what to do."""

    title: str
    text: str = ""
    link: Link | None = None
    template: ClassVar[str] = "empty"


@dataclass(frozen=True)
class Why(Part):
    """The answer to “why?”, closed until asked."""

    text: Any
    question: str = "Why?"
    about: str = ""
    template: ClassVar[str] = "why"


@dataclass(frozen=True)
class Column:
    """A column of a table. `look`: "number" sets it right, "third" and "half" are widths. `spare`: not shown empty."""

    title: str
    look: str = ""
    spare: bool = False


@dataclass(frozen=True)
class Table(Part):
    """A table with a caption and headings. The first cell of a row is its heading."""

    caption: str
    columns: Sequence[str | Column]
    rows: Sequence[Sequence[Any]]
    empty: Empty | None = None
    caption_size: str = "m"
    template: ClassVar[str] = "table"

    @property
    def heads(self) -> list[Column]:
        """The columns that are shown."""
        return [column for column, _ in self._shown]

    @property
    def lines(self) -> list[list[tuple[Column, Any]]]:
        """Each row's cells with their columns."""
        return [[(column, row[place]) for column, place in self._shown] for row in self.rows]

    @property
    def _shown(self) -> list[tuple[Column, int]]:
        columns = [column if isinstance(column, Column) else Column(column) for column in self.columns]
        return [
            (column, place)
            for place, column in enumerate(columns)
            if not column.spare or any(row[place] not in (None, "") for row in self.rows)
        ]


@dataclass(frozen=True)
class Grid(Part):
    """Things with too many details for a table: each a grid of names and values."""

    caption: str
    things: Sequence[Sequence[tuple[str, Any]]]
    template: ClassVar[str] = "grid"


@dataclass(frozen=True)
class Item:
    """One line of a summary: what it is, its value, and what to do about it."""

    key: str
    value: Any
    action: Link | None = None


@dataclass(frozen=True)
class Summary(Part):
    """A list of facts about one thing, in a card when it has a title."""

    items: Sequence[Item]
    title: str = ""
    actions: Sequence[Link] = ()
    template: ClassVar[str] = "summary"


@dataclass(frozen=True)
class Pages(Part):
    """Which page of many; `address` is what comes before the number."""

    current: int
    total: int
    address: str
    template: ClassVar[str] = "pages"

    @property
    def steps(self) -> list[int | None]:
        """The numbers to show: first, last, and those around; None is a gap."""
        near = sorted({1, self.total, *range(max(1, self.current - 2), min(self.total, self.current + 2) + 1)})
        steps: list[int | None] = []
        for number in near:
            if steps and steps[-1] is not None and number - steps[-1] > 1:
                steps.append(None)
            steps.append(number)
        return steps

    @property
    def before(self) -> int:
        """The page before, or 0."""
        return self.current - 1

    @property
    def after(self) -> int:
        """The page after, or 0."""
        return self.current + 1 if self.current < self.total else 0


@dataclass(frozen=True)
class Button(Part):
    """A form of one button. `fields` are sent with it; `look`: secondary, warning or nothing."""

    text: str
    action: str
    fields: dict[str, str | int] = field(default_factory=dict)
    look: str = ""
    hidden: str = ""
    template: ClassVar[str] = "button"
    posts: ClassVar[bool] = True


@dataclass(frozen=True)
class Banner(Part):
    """A banner at the top of the page: `kind` is success or nothing."""

    text: str
    title: str = "Note"
    kind: str = ""
    template: ClassVar[str] = "banner"


@dataclass(frozen=True)
class Count:
    """One figure of a row of counts, with where it leads."""

    number: Any
    text: str
    href: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Counts(Part):
    """A row of figures."""

    items: Sequence[Count]
    template: ClassVar[str] = "counts"


@dataclass(frozen=True)
class Picture(Part):
    """A chart from an address of ours, always with the table it draws."""

    address: str
    text: str
    table: Table
    caption: str = ""
    template: ClassVar[str] = "picture"


@dataclass(frozen=True)
class Spark(Part):
    """A small line of how a figure went, beside the figures it draws. `text` says the same in words."""

    figures: Sequence[float]
    text: str
    template: ClassVar[str] = "spark"

    @property
    def points(self) -> str:
        """The corners of the line, in a box of 100 by 28."""
        most = max([*self.figures, 1])
        step = 92 / max(1, len(self.figures) - 1)
        return " ".join(f"{4 + at * step:.1f},{24 - 20 * one / most:.1f}" for at, one in enumerate(self.figures))

    @property
    def last(self) -> list[str]:
        """Where the line ends."""
        return self.points.split()[-1].split(",")
