"""The comparison with the published checkers: which reason it sees by itself, and what differences.csv must hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.returns import comparing, page, spoil_ssda903
from bench.returns.comparing import CHANGES, CRASHES, NOT_RUN, SKIPS, Compared, Found
from bench.returns.sets import Case

from fairhold.formats import ssda903
from fairhold.returns import declared
from fairhold.rulebook.compiled import load

HERE, THERE = ("Episodes", 2), ("Episodes", 3)
CASE = Case("tidy-1", "tidy", Path(), Path())


@pytest.mark.parametrize(
    ("ours", "theirs", "apart", "reason"),
    [
        (Found({"101": {HERE}}), Found({"101": {HERE}}), {}, None),
        (Found({"101": {HERE}}), Found({}), {}, ""),
        (Found({"101": {HERE}}), Found({"101": {THERE}}), {"101": {THERE}}, ""),
        (Found({"101": {HERE}}), Found({"101": {THERE}}), {"101": {HERE}}, CHANGES),
        (Found({"101": {HERE}}), Found({}, failed={"101"}), {}, CRASHES),
        (Found({"101": {HERE}}), Found({}, skipped={"101"}), {}, SKIPS),
        (Found({}, skipped={"101"}), Found({"101": {HERE}}), {}, NOT_RUN),
    ],
)
def test_the_reason_that_a_comparison_sees(
    ours: Found, theirs: Found, apart: comparing.Places, reason: str | None
) -> None:
    """None: no difference; blank: somebody has to read the reference and say why."""
    compared = Compared()
    compared.add(CASE, ours, theirs, apart)
    found = compared.differences.get("101")
    assert (None if found is None else "".join(found.reasons)) == reason
    assert [one.rule for one in compared.unexplained()] == (["101"] if reason == "" else [])


def test_the_bench_fails_for_a_difference_without_a_reason_and_for_a_reason_without_a_difference() -> None:
    results = page.Results("2027-01-01", "2 cores", {}, known={("cin", "100"): comparing.Known("peer crashes", "", "")})
    results.compared["cin"] = Compared()
    results.compared["cin"].add(CASE, Found({"8500": {HERE}}), Found({}), {})
    assert results.missing() == [
        "cin 100: does not differ, but has a line in differences.csv",
        "cin 8500: differs, and differences.csv does not say why",
    ]


def test_every_explained_difference_names_a_rule_and_says_why_in_a_sentence() -> None:
    rules = {name: {rule.code for rule in load(declared(name)).year(2027).rules} for name in ("ssda903", "cin")}
    for (name, rule), known in comparing.ledger().items():
        assert rule in rules[name]
        assert known.explanation.endswith(".")


def test_a_spoiled_set_has_the_same_bytes_for_the_same_seed_and_others_for_another(tmp_path: Path) -> None:
    for year in ("2026", "2027"):
        folder = tmp_path / "clean" / year
        folder.mkdir(parents=True)
        for name in ("Header", "Episodes", "Reviews"):
            names = ssda903.tables()[name].names
            rows = [",".join([str(child), *("01/05/2026" for _ in names[1:])]) for child in range(1, 91)]
            (folder / f"{name}.csv").write_text("\n".join([",".join(names), *rows]) + "\n", encoding="utf-8")
    for out, seed in (("a", 1), ("b", 1), ("c", 2)):
        spoil_ssda903.spoil(seed, tmp_path / "clean", tmp_path / out)
    first, again, other = (
        [file.read_bytes() for file in sorted((tmp_path / out).rglob("*.csv"))] for out in ("a", "b", "c")
    )
    assert first == again
    assert first != other
