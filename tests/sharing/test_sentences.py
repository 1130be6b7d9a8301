"""Every sentence the tables can make is plain: Flesch-Kincaid grade 7 at most, by a counter that errs upwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from fairhold import governance
from fairhold.sharing import cedar, sentences
from fairhold.sharing.facts import NOBODY
from fairhold.sharing.tables import policy
from tests.sharing.grade import grade
from tests.sharing.made_up import DAY

POLICY = policy().on(DAY)


def every_sentence() -> Iterator[tuple[str, str, str]]:
    """Rule, recipient and words, for each refusal and each recipient it could name."""
    for recipient in (*POLICY.recipients.values(), NOBODY):
        for rule, words in POLICY.words.items():
            names_one = re.search(r"\{\w+\}", words.reason + words.would_change)
            if (recipient is NOBODY and names_one) or (rule.startswith("R07") and recipient.age_from is None):
                continue  # never said of them
            refusal = sentences.said("name", rule, recipient, POLICY)
            yield rule, recipient.slug, refusal.reason
            yield rule, recipient.slug, refusal.would_change


def test_the_counter_knows_easy_from_hard() -> None:
    assert grade("The cat sat on the mat.") < 1
    assert grade("Organisational accountability necessitates comprehensive documentation.") > 20


@pytest.mark.parametrize("rule", POLICY.words)
def test_every_sentence_reads_at_grade_seven_or_lower(rule: str) -> None:
    for found, recipient, words in every_sentence():
        if found == rule:
            assert grade(words) <= 7, (recipient, words, grade(words))
            for one in re.split(r"(?<=\.) ", words):
                assert grade(one) <= 7, (recipient, one, grade(one))
            assert words.endswith(".")
            assert "{" not in words
            assert "None" not in words


def test_every_policy_that_can_refuse_has_its_words() -> None:
    text = (cedar.resources.files("fairhold.sharing") / "policies.cedar").read_text("utf-8")
    ids = set(re.findall(r'@id\("([RN][^"]+)"\)', text))
    told = set(POLICY.words)
    split = {"R08.agreement", "R08.residence", "R09.link", "R13.consent", "R14.objection"}
    assert ids - split <= told
    assert {rule.split(".")[0] for rule in ids} <= {rule.split(".")[0] for rule in told}


def test_every_law_cited_stands_in_the_register_with_its_confidence() -> None:
    known = {basis.id for basis in governance.lawful_bases()}
    for row in governance.rows("policy_law"):
        assert set(row["lawful_bases"].split()) <= known, row["key"]
        assert row["confidence"], row["key"]
    cited = {words.law for words in POLICY.words.values()} - {"recipient", "consent"}
    cited |= {found for recipient in POLICY.recipients.values() for found in (recipient.law, recipient.consent_law)}
    assert cited <= set(POLICY.citations)
