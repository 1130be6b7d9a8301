"""Names are compared the same way in Python and in the database."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairhold import access
from fairhold.facts import plain

OFFICER = access.Actor(1, "Made-up officer", "data-officer")


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("O’Néill-Smith", "oneillsmith"),
        ("O'NEILL SMITH", "oneillsmith"),
        ("Łukasz", "lukasz"),
        ("Şahin", "sahin"),
        ("Søren Ærø", "sorenaro"),
        ("E17 9ab", "e179ab"),
        ("  ", ""),
    ],
)
def test_spellings_that_are_one_name(written, compared):
    assert plain(written) == compared


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cs"], exclude_characters="\0")), max_size=20
    )
)
def test_the_database_agrees(cluster, words):
    with access.scope(OFFICER, "data-intake") as scope:
        found = scope.value(
            "select array(select system.plain(w) from unnest(%s::text[]) with ordinality as t (w, n) order by n)",
            (words,),
        )
    assert found == [plain(word) for word in words]
