"""How values look in templates: dates in words, instants in London's time, figures with their separators."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
LONDON = ZoneInfo("Europe/London")
OPEN = date(9999, 1, 1)
LONG = 60  # characters
TIME = '<time class="app-when" datetime="{}">{}</time>'
NOTHING = SafeString('<span aria-hidden="true">–</span><span class="govuk-visually-hidden">none</span>')


def day(value: Any) -> str:
    """5 September 2026; an open end is an empty text."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON).date()
    if not isinstance(value, date) or value >= OPEN:
        return ""
    return f"{value.day} {value:%B %Y}"


def instant(value: datetime | None) -> str:
    """5 September 2026 at 14:05 (London's time)."""
    if value is None:
        return ""
    local = value.astimezone(LONDON)
    return f"{day(local.date())} at {local:%H:%M}"


def figure(value: Any) -> str:
    """12,345."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def shown(value: Any) -> Any:
    """Any value of a table or a summary, as people read it; nothing at all is a dash that is read as “none”."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return _when(value)
    return figure(value) if isinstance(value, int) else value


def _when(value: date) -> SafeString:
    """A day or an instant, short and unbroken: 5 Sep 2026, 14:05."""
    if isinstance(value, datetime):
        local = value.astimezone(LONDON)
        words = f"{local.day} {local:%b %Y}, {local:%H:%M}"
        return SafeString(format_html(TIME, local.isoformat(timespec="minutes"), words))
    if value >= OPEN:
        return NOTHING
    return SafeString(format_html(TIME, value.isoformat(), f"{value.day} {value:%b %Y}"))


def plural(count: int, words: str) -> str:
    """`3|plural:"file,files"` is “3 files”."""
    one, many = words.split(",")
    return f"{count:,} {one if count == 1 else many}"


def long(value: Any) -> bool:
    """Whether a text is too long for a cell among others, such as the attendance marks of a year."""
    return isinstance(value, str) and len(value) > LONG


for _name, _filter in (
    ("day", day),
    ("instant", instant),
    ("figure", figure),
    ("shown", shown),
    ("plural", plural),
    ("long", long),
):
    register.filter(_name, _filter)
