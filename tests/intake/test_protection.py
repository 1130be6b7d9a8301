"""Protected children: found whichever comes first, the register or the file; in doubt, protected."""

from __future__ import annotations

import pytest
from tests.intake.conftest import OFFICER
from tests.intake.made import OTHER, ctf, pupil, upn

from fairhold import access
from fairhold.intake.registers import read

COLUMNS = "UPN,SURNAME,FORENAME,DOB,KIND,FROM\n"


def register(*rows: str) -> bytes:
    return (COLUMNS + "\n".join(rows) + "\n").encode()


BY_NUMBER = f"{upn(1)},,,,restricted,2026-01-01"
BY_NAME = ",SurnameA,ForenameA,2014-03-01,address,2026-01-01"
GUARDS = "select guard from people.name order by row"


@pytest.mark.parametrize("order", ["register first", "file first"])
@pytest.mark.parametrize(("row", "guard"), [(BY_NUMBER, 2), (BY_NAME, 1)])
def test_the_guard_is_set_whichever_comes_first(send, ask, order, row, guard):
    files = [register(row), ctf([pupil(1), pupil(2)])]
    for file in files if order == "register first" else reversed(files):
        send(file)
    assert ask(GUARDS) == [(guard,), (0,)]
    assert ask("select guard from people.address order by row") == [(guard,), (0,)]
    assert ask("select guard from system.subject order by id") == [(guard,), (0,)]


@pytest.mark.parametrize(
    ("entry", "doubt", "guard"),
    [
        (",Surname-A,FORENAMEA,2014-03-01,address,", "written otherwise", 1),
        (",SurnameA,Someone,2014-03-01,address,", "another forename, same birth date", 1),
        (",SurnameA,ForenameA,2014-03-02,address,", "birth date differs in one part", 1),
        (",SurnameA,ForenameA,2014-01-03,address,", "day and month exchanged", 1),
        (",SurnameA,ForenameA,,address,", "no birth date", 1),
        (f"{upn(1)},,,,,", "no kind: the most is hidden", 2),
        (",SurnameA,ForenameA,2011-07-09,address,", "another child of that name", 0),
        (",Other,ForenameA,2014-03-01,address,", "another surname", 0),
    ],
)
def test_in_doubt_a_child_is_protected(send, ask, entry, doubt, guard):
    send(register(entry), ctf([pupil(1)]))
    assert ask(GUARDS) == [(guard,)], doubt


def test_a_fact_that_comes_later_is_guarded_too(send, ask):
    send(register(BY_NUMBER), ctf([pupil(1)], at="2026-11-06T08:00:00"))
    send(ctf([pupil(1, Surname="Changed")]))
    assert ask("select distinct guard from people.name") == [(2,)]


def test_a_child_left_out_of_the_next_register_stays_protected(send, ask):
    send(ctf([pupil(1)]), register(BY_NUMBER))
    send(register(",Somebody,Else,2010-01-01,address,"))
    assert ask(GUARDS) == [(2,)]


def test_a_row_that_names_nobody_is_set_aside():
    children, aside = read(register(BY_NUMBER, ",,,,address,", ",OnlySurname,,,address,"))
    assert len(children) == 1
    assert [(one.row, one.line, one.kind) for one in aside] == [(2, 3, "missing"), (3, 4, "missing")]


@pytest.mark.proves("N010")
def test_a_restricted_child_and_a_protected_address_are_not_there_for_other_purposes(send):
    send(register(BY_NUMBER, f"{upn(2)},,,,address,"), ctf([pupil(1), pupil(2), pupil(3)]))
    with access.scope(OFFICER, "missing-education") as scope:
        assert [row["row"] for row in scope.rows("select row from people.name order by row")] == [2, 3]
        assert [row["row"] for row in scope.rows("select row from people.address order by row")] == [3]


def test_adopted_children_stand_apart_with_whoever_shares_their_number(send, ask):
    from tests.intake.made import table

    header = {"CHILD": "100", "SEX": "F", "DOB": "01/03/2014", "UPN": upn(1), "ETHNIC": "WBRI", "MOTHER": "0"}
    episode = {"CHILD": "100", "DECOM": "01/05/2025", "RNE": "S", "LS": "E1", "DEC": "01/02/2026", "REC": "E11"}
    send(ctf([pupil(1), pupil(2)]), table("Header", [header]), table("Episodes", [episode]))
    assert sorted(ask("select apart from system.subject")) == [(False,), (True,), (True,)]


def test_the_guard_is_raised_by_nobody_who_may_not(send):
    send(ctf([pupil(1)]))
    with access.scope(OFFICER, "missing-education") as scope, pytest.raises(access.Refused):
        scope.run("select system.raise_guard(array[1]::bigint[], array[2]::smallint[])")


@pytest.mark.proves("N010")
@pytest.mark.parametrize("also", ["", f"{upn(1)},,,,restricted,"], ids=["", "restricted too"])
@pytest.mark.parametrize("order", ["register first", "brother first", "sister first"])
def test_a_brother_at_the_same_address_does_not_tell_it(send, ask, order, also):
    """However the school of the brother writes the address; a neighbour is open."""
    home = {"Address__BS7666Address__PAON": "1"}
    sister = ctf([pupil(1, **home)])
    as_lines = {
        "Address__BS7666Address__PAON": None,
        "Address__BS7666Address__Street": None,
        "Address__AddressLines__AddressLine1": "1, NOWHERE ROAD",
        "Address__PostCode": "E170ZZ",
    }
    others = ctf([pupil(2, Surname="SurnameA", **as_lines), pupil(3)], school=OTHER)
    files = {"register": register(f"{upn(1)},,,,address,", also), "sister": sister, "brother": others}
    first = order.split()[0]
    for name in (first, *(name for name in files if name != first)):
        send(files[name])
    found = ask("select s.guard from system.subject s join people.name n on n.subject_id = s.id order by n.forename")
    assert found == [(2 if also else 1,), (1,), (0,)]


def test_who_moves_to_a_protected_home_is_protected_from_that_day(send, ask):
    home = {"Address__BS7666Address__PAON": "1"}
    send(register(f"{upn(1)},,,,address,"), ctf([pupil(1, **home), pupil(2)], at="2026-11-06T08:00:00"))
    assert ask("select guard from system.subject order by id") == [(1,), (0,)]
    send(ctf([pupil(2, **home)]))
    assert ask("select guard from system.subject order by id") == [(1,), (1,)]


_UNREACHED = """
select c.oid::regclass::text from pg_class c
join pg_attribute s on s.attrelid = c.oid and s.attname = 'subject_id'
join pg_attribute g on g.attrelid = c.oid and g.attname = 'guard'
where c.relkind = 'r' and c.relpersistence = 'p'
    and not has_column_privilege('p_data_intake', c.oid, g.attnum, 'update')
"""


@pytest.mark.proves("N012")
def test_whatever_names_a_child_can_be_guarded_when_it_is_restricted_later(ask):
    assert ask(_UNREACHED) == []
