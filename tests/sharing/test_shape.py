"""The shipped schema is the validator: our compiled form of it says what the reference validator says."""

from __future__ import annotations

import copy
import json
import random
from datetime import date
from typing import Any

import jsonschema
import pytest

from fairhold.sharing import gate, shape
from tests.sharing.made_up import BIRTHS, DAY, consent, in_order, many, objection

REFERENCE = jsonschema.Draft202012Validator(shape.schema("request"), format_checker=jsonschema.FormatChecker(["date"]))
ANSWER = jsonschema.Draft202012Validator(shape.schema("answer"), format_checker=jsonschema.FormatChecker(["date"]))
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    1.5,
    "",
    "text",
    DAY,
    "2026-2-3",
    "2026-02-30",
    [],
    ["a", "a"],
    [1],
    {},
    {"a": 1},
]
WHOLE = in_order(
    "youth-support",
    child__consents=[
        consent("parent", ["school"], "youth-support"),
        consent("young_person", [], "dfe", BIRTHS[0], DAY),
    ],
    child__objections=[objection("parent"), objection("young_person", ["name"], "school", DAY, None)],
)


def complaint(document: Any) -> str:
    """What is wrong with a document; empty when nothing is."""
    try:
        shape.check(document)
    except shape.OutsideSchema as error:
        return error.sentence
    return ""


def fits(document: Any) -> bool:
    said = complaint(document)
    assert said.endswith("." if said else "")
    assert "\n" not in said
    return not said


def places(part: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) inside a document."""
    keys = list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else []
    return [found for key in keys for found in ((part, key), *places(part[key]))]


def test_both_schemas_are_valid_schemas() -> None:
    for name in ("request", "answer"):
        jsonschema.Draft202012Validator.check_schema(shape.schema(name))


def test_generated_requests_fit_and_so_do_their_answers() -> None:
    asked = many(11)
    for request, answer in zip(asked, gate.decide_many(asked), strict=True):
        assert fits(request)
        ANSWER.validate(answer.document())


def test_every_value_replaced_by_every_oddity_is_judged_as_by_the_reference() -> None:
    whole = copy.deepcopy(WHOLE)
    assert fits(whole)
    assert REFERENCE.is_valid(whole)
    judged = set()
    for container, key in places(whole):
        was = container[key]
        for odd in ODD:
            container[key] = odd
            judged.add(fits(whole))
            assert fits(whole) == REFERENCE.is_valid(whole), (key, odd)
        container[key] = was
    assert judged == {True, False}


def test_every_missing_and_every_unknown_key_is_outside() -> None:
    whole = copy.deepcopy(WHOLE)
    objects = [part[key] for part, key in places(whole) if isinstance(part[key], dict)] + [whole]
    for part in objects:
        for key in list(part):
            was = part.pop(key)
            assert not fits(whole), key
            part[key] = was
        part["extra"] = 1
        assert not fits(whole)
        del part["extra"]
    assert fits(whole)


@pytest.mark.parametrize("fields", [[], ["name", "name"], ["name", "address", "name"], None, "name", [None]])
def test_empty_or_doubled_fields_are_outside(fields: Any) -> None:
    assert not fits(in_order("school", fields=fields))


DATES = [
    ("2026-11-24", True), ("2024-02-29", True), ("2026-02-29", False), ("2026-13-01", False), ("20261124", False),
    ("2026-11-24T00:00:00", False), ("2026-1-4", False), ("24/11/2026", False), ("", False), ("2026-11-24\n", False),
    (" 2026-11-24", False), ("２０２６-11-24", False), ("0000-01-01", False), ("9999-12-31", True),
    ("2026-W48-2", False),    (date(2026, 1, 1), False), (20261124, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "good"), DATES)
@pytest.mark.parametrize("where", ["on", "child__date_of_birth", "agreement__from", "agreement__to"])
def test_dates(where: str, text: Any, good: bool) -> None:
    assert fits(in_order("school", **{where: text})) is good


def test_the_far_ends_of_the_calendar_decide_too() -> None:
    ends = ["0001-01-01", "9999-12-31", "9996-02-29"]
    asked = [
        in_order(slug, on=day, child__date_of_birth=born, agreement__from="0001-01-01", agreement__to=None)
        for slug in ("youth-support", "youth-justice", "charity")
        for day in ends
        for born in ends
    ]
    assert not any(answer.verdict.alarms for answer in gate.decide_many(asked))


BAD_BYTES = [
    (b"", "JSON"),
    (b"{", "JSON"),
    (b"[]", "must be an object"),
    (b"null", "must be an object"),
    (b"\xff\xfe{}", "UTF-8"),
    (b'{"recipient": "a", "recipient": "b"}', "twice"),
    (b"[" * 100_000, "deep"),
    (b"1" * 10_000, "long"),
]


@pytest.mark.parametrize(("text", "word"), BAD_BYTES)
def test_bytes_that_are_no_request_get_one_sentence(text: bytes, word: str) -> None:
    with pytest.raises(shape.OutsideSchema, match=word):
        shape.parse(text)


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(shape.OutsideSchema, match="no text"):
        shape.parse(json.dumps(in_order("school", need="\ud800")).encode())


def test_a_byte_order_mark_does_no_harm() -> None:
    assert shape.parse(b"\xef\xbb\xbf" + json.dumps(WHOLE).encode()) == WHOLE


def test_no_sentence_repeats_a_value() -> None:
    rng = random.Random(5)
    whole = copy.deepcopy(WHOLE)
    for container, key in rng.sample(places(whole), 20):
        was, container[key] = container[key], {"Made-Up Surname": 1}
        with pytest.raises(shape.OutsideSchema) as caught:
            shape.check(whole)
        assert "Surname" not in caught.value.sentence or "does not know" in caught.value.sentence
        container[key] = was
