"""Every address of the pages, with example values for those that name something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, get_resolver, reverse

EXAMPLES: dict[str, dict[str, object]] = {
    "child": {"person": 1},
    "child-shares": {"person": 1},
    "child-voluntary": {"person": 1},
    "asked-of": {"collection": "cin"},
    "child-choices": {"person": 1},
    "share": {"number": 1},
    "package": {"number": 1},
    "package-file": {"number": 1},
    "notice-file": {"number": 1},
    "recall-person": {"person": 1},
    "link-child": {"person": 1},
    "outside-one": {"number": 1},
    "emergency-told": {"number": 1},
    "rule": {"name": "ssda903", "code": "118"},
    "delivery": {"number": 1},
    "findings": {"number": 1},
    "policy-file": {"table": "policy_recipients"},
    "policy-row": {"table": "policy_opens", "key": "youth-support consent"},
    "undo-link": {"number": 1},
    "findings-workbook": {"number": 1},
    "faults": {"number": 1},
    "faults-workbook": {"number": 1},
    "trend": {"name": "ssda903", "year": 2027},
    "trend-picture": {"name": "ssda903", "year": 2027},
    "compare": {"name": "ssda903"},
    "difference-workbook": {"name": "ssda903"},
    "explanations": {"name": "ssda903"},
    "build": {"number": 1},
    "build-differences": {"number": 1},
    "submission": {"number": 1},
    "submission-file": {"number": 1},
    "annex-a-run": {"number": 1},
    "annex-a-difference": {"number": 1},
    "annex-a-draft": {"number": 1},
    "annex-a-changes": {"number": 1},
    "measure": {"code": "referrals"},
    "measure-picture": {"code": "referrals"},
    "measure-mix": {"code": "placement-mix"},
    "measure-csv": {"code": "referrals"},
    "measure-xlsx": {"code": "referrals"},
    "totals-picture": {"view": "on_roll"},
    "dictionary-table": {"name": "people.address"},
}


def patterns() -> Iterator[URLPattern]:
    """Every line of `urls.py`."""
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern), "addresses stand in one flat list"
        yield pattern


def pages() -> list[tuple[str, str, Callable[..., Any]]]:
    """Name, example address and view of every page."""
    return [
        (pattern.name, reverse(pattern.name, kwargs=EXAMPLES.get(pattern.name)), pattern.callback)
        for pattern in patterns()
    ]
