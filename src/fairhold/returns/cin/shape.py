"""The tables a CIN census file is laid out in: which element makes a row of which table, and the keys that tie them.

Elements and their types come from the format's own list; only what that list cannot say stands here.
"""

from __future__ import annotations

from typing import Final

CHILD: Final = "LAchildID"
EPISODE: Final = "CINdetailsID"
ASSESSMENT: Final = "AssessmentID"
PLAN: Final = "CPPID"
FACTORS: Final = "AssessmentFactors"
_IN: Final = "Message/Children/Child/"

# Table: the path of the element that makes a row of it, and the keys it carries. Keys count from 1: episodes within a
# child, assessments and protection plans within an episode.
ROWS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "Header": ("Message/Header", ()),
    "ChildIdentifiers": (_IN + "ChildIdentifiers", ()),
    "ChildCharacteristics": (_IN + "ChildCharacteristics", (CHILD,)),
    "Disabilities": (_IN + "ChildCharacteristics/Disabilities", (CHILD,)),
    "CINdetails": (_IN + "CINdetails", (CHILD, EPISODE)),
    "Assessments": (_IN + "CINdetails/Assessments", (CHILD, EPISODE, ASSESSMENT)),
    "AssessmentFactorsList": (
        _IN + "CINdetails/Assessments/FactorsIdentifiedAtAssessment",
        (CHILD, EPISODE, ASSESSMENT),
    ),
    "CINplanDates": (_IN + "CINdetails/CINPlanDates", (CHILD, EPISODE)),
    "Section47": (_IN + "CINdetails/Section47", (CHILD, EPISODE)),
    "ChildProtectionPlans": (_IN + "CINdetails/ChildProtectionPlans", (CHILD, EPISODE, PLAN)),
    "Reviews": (_IN + "CINdetails/ChildProtectionPlans/Reviews", (CHILD, EPISODE, PLAN)),
    "PreProceedings": (_IN + "CINdetails/PreProceedingsandFGDM", (CHILD, EPISODE)),
}


def table_of(path: str) -> str:
    """The table that holds the value of the element with that path; empty for one that no table holds."""
    inside = [(len(at), table) for table, (at, _) in ROWS.items() if path.startswith(at + "/")]
    return max(inside)[1] if inside else ""
