"""Persons are the connected groups of the standing links: the SQL against plain Python, link by link, then undone."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.identity.conftest import OFFICER
from tests.intake.made import ctf, pupil

from fairhold import access
from fairhold.identity import queries
from fairhold.identity.domain import components

SUBJECTS = range(1, 9)
edges = st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(SUBJECTS)).filter(lambda pair: pair[0] < pair[1])


@pytest.fixture
def eight(send):
    send(ctf([pupil(n) for n in SUBJECTS]))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(links=st.lists(edges, unique=True, max_size=8), undone=st.data())
def test_groups_follow_the_links(eight, links, undone):
    with access.scope(OFFICER, "record-matching") as scope:
        scope.run("delete from people.link")
        scope.run("delete from people.membership")
        standing = []
        for low, high in links:
            scope.run(
                "insert into people.link (low, high, step, evidence, author, made_at, model)"
                " values (%s, %s, 'person', '{}', 'a test', now(), 'a test')",
                (low, high),
            )
            standing.append((low, high))
            queries.regroup(scope, (low, high))
        assert held(scope) == expected(standing)
        for low, high in undone.draw(st.permutations(links)):
            together = queries.members(scope, low)
            scope.run(
                "update people.link set undone_at = now(), undone_by = 'a test', reason = 'a test'"
                " where low = %s and high = %s",
                (low, high),
            )
            standing.remove((low, high))
            queries.regroup(scope, together)
            assert held(scope) == expected(standing)


def held(scope: access.Scope) -> dict[int, int]:
    return {row["subject_id"]: row["person_id"] for row in scope.rows("select * from people.membership")}


def expected(links: list[tuple[int, int]]) -> dict[int, int]:
    return components(links)
