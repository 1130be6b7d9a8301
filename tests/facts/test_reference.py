"""Files in any order of arrival give, for every day, what the latest file up to that day said: against plain Python."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DAYS = range(1, 8)
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

moments = st.integers(0, 27)  # four hours a day, so that two files of one day occur


def files(said: st.SearchStrategy) -> st.SearchStrategy:
    """Some files of different moments, in any order of arrival."""
    return st.lists(st.tuples(moments, said), min_size=1, max_size=6, unique_by=lambda file: file[0])


def reference(arrived: list[tuple[int, object]], day: int) -> object:
    """What held on a day: the word of the latest file that is not of a later day."""
    told = [(moment, said) for moment, said in arrived if 1 + moment // 4 <= day]
    return max(told)[1] if told else None


def held(rows: list[tuple], day: int) -> list:
    return sorted(value for value, first, end in rows if first <= day and (end is None or day < end))


@FEW
@given(arrived=files(st.sampled_from("ABC")))
def test_a_value_on_every_day(child, arrived):
    child.another()
    for count, (moment, surname) in enumerate(arrived, 1):
        child.say(1 + moment / 4, {"Surname": surname})
        rows = child.rows("people.name", "surname")
        for day in DAYS:
            expected = reference(arrived[:count], day)
            assert held(rows, day) == ([expected] if expected else [])


@FEW
@given(arrived=files(st.sets(st.sampled_from("1234"), min_size=1).map(lambda some: "".join(sorted(some)))))
def test_a_list_on_every_day(child, arrived):
    child.another()
    for count, (moment, numbers) in enumerate(arrived, 1):
        sent = {f"Phones/Phone[{place}]/PhoneNo": number for place, number in enumerate(numbers, 1)}
        child.say(1 + moment / 4, {path: text for path, text in sent.items()})
        rows = child.rows("people.phone", "number")
        for day in DAYS:
            assert held(rows, day) == list(reference(arrived[:count], day) or "")


@FEW
@given(arrived=files(st.sampled_from("ABC")))
def test_the_order_of_arrival_does_not_matter_in_the_end(child, arrived):
    def told(order: list) -> list:
        child.another()
        for moment, surname in order:
            child.say(1 + moment / 4, {"Surname": surname})
        rows = child.rows("people.name", "surname")
        return [held(rows, day) for day in DAYS]

    assert told(arrived) == told(sorted(arrived))
