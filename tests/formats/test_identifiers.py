"""Identifiers: the worked examples, and what their checks must catch. No number here is known to be a real person's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold.formats.identifiers import UPN_LETTERS, Upn, check_letter, nhs_number, postcode, uln, upn

UPNS = """
H801200001001  good
B801200005001  good
A801200005001  upn-check-letter
K320200124001  good
Y320200124999  good
W32020012400A  temporary
V32020012412Z  temporary
A123456789012  good
A123456789001  upn-check-letter
A999999500000  upn-check-letter
P207000016049  good
Q207000016049  upn-check-letter
I801200001001  upn-pattern
H80120000100   upn-pattern
H8012000010011 upn-pattern
H80120000100I  upn-pattern
H80120000100١  upn-pattern
"""


@pytest.mark.parametrize(("number", "verdict"), [tuple(line.split()) for line in UPNS.strip().splitlines()])
def test_upn_examples(number: str, verdict: str) -> None:
    assert upn(number).value == verdict


def test_upn_is_judged_trimmed_and_in_upper_case() -> None:
    assert upn("  h801200001001\n") is Upn.GOOD


bodies = st.tuples(st.from_regex(r"[0-9]{11}", fullmatch=True), st.sampled_from("0123456789" + UPN_LETTERS)).map(
    "".join
)


@settings(deadline=None)
@given(bodies, st.integers(0, 10), st.sampled_from("0123456789"))
def test_upn_catches_every_single_slip(body: str, place: int, digit: str) -> None:
    good = check_letter(body) + body
    slipped = body[:place] + digit + body[place + 1 :]
    assert upn(good) in (Upn.GOOD, Upn.TEMPORARY)
    if slipped != body:
        assert upn(good[0] + slipped) is Upn.LETTER


@settings(deadline=None)
@given(bodies, st.integers(0, 9))
def test_upn_catches_every_swap_of_neighbours(body: str, place: int) -> None:
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    if swapped != body:
        assert upn(check_letter(body) + swapped) is Upn.LETTER


ULNS = [("9276308686", True), ("1023456787", True), ("9000000016", True), ("1000000000", True)]
ULNS += [("9276308685", False), ("0276308686", False), ("9999999999", False), ("927630868", False)]


@pytest.mark.parametrize(("number", "good"), ULNS)
def test_uln_examples(number: str, good: bool) -> None:
    assert uln(number) is good


NHS = [("943 476 5919", True), ("999 000 0018", True), ("999 000 0042", True), ("9434765918", False)]


@pytest.mark.parametrize(("number", "good"), NHS)
def test_nhs_number_examples(number: str, good: bool) -> None:
    assert nhs_number(number) is good


def test_an_nhs_number_with_check_digit_ten_cannot_exist() -> None:
    assert not any(nhs_number(f"999000000{digit}") for digit in range(10))


@settings(deadline=None)
@given(st.from_regex(r"[1-9][0-9]{9}", fullmatch=True))
def test_no_number_is_both_uln_and_nhs_number(number: str) -> None:
    assert not (uln(number) and nhs_number(number))


POSTCODES = [("e17 9ab", "E17 9AB"), ("E1 79AB", "E17 9AB"), ("IG8 0AA", "IG8 0AA"), ("W1A1AA", "W1A 1AA")]
POSTCODES += [("", None), ("E17", None), ("E17 9ABC", None), ("12 3AB", None)]


@pytest.mark.parametrize(("text", "stored"), POSTCODES)
def test_postcode_shape(text: str, stored: str | None) -> None:
    assert postcode(text) == stored
