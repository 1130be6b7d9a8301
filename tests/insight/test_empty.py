"""Where nothing was taken in, nothing is measured: it is said in words, and no nought is shown."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from fairhold import access
from fairhold.access import accounts
from fairhold.insight import computing, domain, facts, figures, targets
from fairhold.insight.facts import Coverage


@pytest.fixture
def leadership(clean: Path) -> Client:
    """A browser of somebody who leads, over an empty store."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairhold.web.settings"
    import django

    django.setup()
    accounts.add_made_up(name="Made-up leader", login="leadership", role_slug="leadership")
    client = Client(HTTP_HOST="localhost")
    client.post("/sign-in/made-up/", {"account": accounts.made_up()[0].id})
    return client


@pytest.mark.proves("N002")
def test_an_empty_store_measures_nothing_and_says_so(leadership: Client) -> None:
    assert "Nothing is measured yet." in leadership.get("/measures/").content.decode()
    page = leadership.get("/measures/referrals/").content.decode()
    assert "Nothing is measured yet." in page
    assert "Take away" not in page
    assert leadership.get("/measures/referrals/trend.svg").status_code == 404
    with access.scope(access.Actor(1, "Made-up analyst", "analyst"), "statistics") as scope:
        done = computing.compute(scope)
        assert (done.counted, done.not_run, done.years) == (0, 0, ())
        found, run = figures.overview(scope)
    assert run is not None
    assert {one.years for one in found} == {()}
    assert "not counted" in leadership.get("/measures/").content.decode()


DAY = date(2026, 11, 23)
WHOLE = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("code", "told", "answer"),
    [
        ("referrals", {"cin": {2027: DAY}}, DAY),
        (
            "referrals",
            {"ssda903": {2027: DAY}},
            "no file was delivered for the year to 31 March 2027 that tells “Referrals",
        ),
        ("referrals", {"cin": {2026: WHOLE}}, "no file was delivered for the year to 31 March 2027"),
        ("referrals", {"cin": {2027: WHOLE}, "ssd": {2027: DAY}}, DAY),  # the newer one tells it too
        (
            "child-seen",
            {"cin": {2027: DAY}},
            "no file was delivered for the year to 31 March 2027 that tells “Assessments”",
        ),
        (
            "re-referrals",
            {"cin": {2027: DAY}},
            "it looks back, and nothing of the year to 31 March 2026 tells “Referrals",
        ),
        ("re-referrals", {"cin": {2026: WHOLE, 2027: DAY}}, DAY),
        ("icpc-15-days", {"cin": {2027: DAY}}, DAY),  # an extract's own conferences are welcome, not needed
        ("cla-rate", {"ssda903": {2027: DAY}}, DAY),
        ("cla-rate", {"ssd": {2027: DAY}}, DAY),
        ("uasc", {"ssda903": {2027: WHOLE}, "ssd": {2027: DAY}}, WHOLE),  # the older of what is needed
    ],
)
def test_a_year_is_counted_only_where_files_tell_it_and_up_to_the_last_day_they_do(
    code: str, told: dict[str, dict[int, date]], answer: date | str
) -> None:
    until = {(kind, year): day for kind, years in told.items() for year, day in years.items()}
    found = facts.missing(domain.find(code), 2027, Coverage(until, frozenset(until)))
    if isinstance(answer, date):
        assert found == answer
    else:
        assert isinstance(found, str)
        assert found.startswith(answer)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"measure": "nothing"}, "There is no measure nothing: see fairhold measures list."),
        (
            {"measure": "placement-mix"},
            "placement-mix is a mix of shares, which has no single figure to set a target for.",
        ),
        ({"better": "sideways"}, "Say whether a higher or a lower figure is better."),
        ({"value": 101.0}, "101 cannot be reached by re-referrals, which is given as %."),
        ({"year": 27}, "27 is no year to 31 March: write one such as 2027."),
    ],
)
def test_a_target_that_cannot_be_is_refused_in_one_sentence(
    clean: Path, given: dict[str, object], sentence: str
) -> None:
    asked = {"measure": "re-referrals", "year": 2027, "value": 15.0, "better": "lower"} | given
    with access.scope(access.Actor(1, "Made-up", "leadership"), "performance") as scope:
        with pytest.raises(domain.MeasureError) as refused:
            targets.set_target(scope, **asked)  # type: ignore[arg-type]
    assert refused.value.sentence == sentence


@pytest.mark.proves("N058")
def test_a_target_keeps_the_definition_it_was_set_for(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with access.scope(access.Actor(1, "Made-up", "leadership"), "performance") as scope:
        targets.set_target(scope, measure="re-referrals", year=2027, value=15, better="lower")
        targets.set_target(scope, measure="re-referrals", year=2027, value=12, better="lower")
        (year,) = figures.show(scope, code="re-referrals").series.years
        assert year.target is not None
        assert (year.target.value, year.target.same_definition) == (12, True)
        assert [year.target.met(value) for value in (11.0, 12.0, 13.0)] == [True, True, False]
        changed = domain.measures() | {"re-referrals": _changed("re-referrals")}
        monkeypatch.setattr(domain, "measures", lambda: changed)
        (year,) = figures.show(scope, code="re-referrals").series.years
        assert year.target is not None
        assert not year.target.same_definition


def _changed(code: str) -> domain.Measure:
    from dataclasses import replace

    return replace(domain.find(code), digest="another")
