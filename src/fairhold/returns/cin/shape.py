"""The tables a census file is laid out in: which element makes a row of which table, and the keys that tie them.

Elements and their types come from the format's own list; only what that list cannot say stands here.
"""

from __future__ import annotations

from typing import Final

CHILD: Final = "LAchildID"
EPISODE: Final = "CINdetailsID"
ASSESSMENT: Final = "AssessmentID"
PLAN: Final = "CPPID"
FACTORS: Final = "AssessmentFactors"
ROOT: Final = "Message"
PERSON: Final = "Message/Children/Child"
_EPISODE: Final = f"{PERSON}/CINdetails"

# Table: the element that holds its values, and the keys it carries. Keys count from 1: episodes within a child,
# assessments and protection plans within an episode.
TABLES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "Header": (f"{ROOT}/Header", ()),
    "ChildIdentifiers": (f"{PERSON}/ChildIdentifiers", ()),
    "ChildCharacteristics": (f"{PERSON}/ChildCharacteristics", (CHILD,)),
    "Disabilities": (f"{PERSON}/ChildCharacteristics/Disabilities", (CHILD,)),
    "CINdetails": (_EPISODE, (CHILD, EPISODE)),
    "Assessments": (f"{_EPISODE}/Assessments", (CHILD, EPISODE, ASSESSMENT)),
    "AssessmentFactorsList": (
        f"{_EPISODE}/Assessments/FactorsIdentifiedAtAssessment",
        (CHILD, EPISODE, ASSESSMENT),
    ),
    "CINplanDates": (f"{_EPISODE}/CINPlanDates", (CHILD, EPISODE)),
    "Section47": (f"{_EPISODE}/Section47", (CHILD, EPISODE)),
    "ChildProtectionPlans": (f"{_EPISODE}/ChildProtectionPlans", (CHILD, EPISODE, PLAN)),
    "Reviews": (f"{_EPISODE}/ChildProtectionPlans/Reviews", (CHILD, EPISODE, PLAN)),
    "PreProceedings": (f"{_EPISODE}/PreProceedingsandFGDM", (CHILD, EPISODE)),
}
# Tables whose element holds a list: each value is a row of its own.
LISTS: Final = ("Disabilities", "AssessmentFactorsList", "Reviews")
# Elements that only group values of their table.
GROUPS: Final = {"Header": ("CollectionDetails", "Source")}
# Tables whose rows are counted, and the key that counts them.
COUNTED: Final = {"CINdetails": EPISODE, "Assessments": ASSESSMENT, "ChildProtectionPlans": PLAN}


def table_of(path: str) -> str:
    """The table that holds the value of the element with that path; empty for one that no table holds."""
    inside = [(len(at), table) for table, (at, _) in TABLES.items() if path.startswith(at + "/")]
    return max(inside)[1] if inside else ""
