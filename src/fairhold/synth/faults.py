"""Plants what sources get wrong: for each kind exactly its share of the rows it applies to, drawn by the seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from fairhold.synth import families, lists, spoil
from fairhold.synth.care import Course
from fairhold.synth.care_tables import text as care_date
from fairhold.synth.domain import Child, Consent, Record
from fairhold.synth.need import Case
from fairhold.synth.world import World

Make = Callable[[Random, str], str]
SCHOOL = {"surname": "Surname", "forename": "Forename", "born": "DOB", "sex": "Sex", "post": "Address/PostCode"}
CONSENT = {"surname": "SURNAME", "forename": "FORENAME", "born": "DOB", "upn": "UPN"}
CARE = {"born": "DOB", "sex": "SEX", "upn": "UPN", "forename": "pers_forename"}
PLACEHOLDERS = ("Baby", "Unknown", "Unborn")
GUARDED = frozenset({"protected_address", "restricted", "adopted"})


@dataclass(slots=True)
class Holder:
    """One source's record of one child, and where it keeps each part."""

    source: str
    id: int
    child: Child
    held: dict[str, str]
    keys: dict[str, str]
    record: Record | None = None
    case: Course | Case | None = None

    def true(self, part: str) -> str:
        """What the source would hold if it were right."""
        if part == "upn":
            return self.record.upn if self.record else self.case.upn if self.case else self.child.upn
        if part == "born":
            return care_date(self.child.born) if self.case else self.child.born.isoformat()
        if part == "post":
            return self.record.home.postcode if self.record and self.record.home else self.child.address.postcode
        return self.held.get(self.keys[part]) or str(getattr(self.child, part))


class Planter:
    """Plants faults in what schools, the youth service and the case system hold; no two in one part of a record."""

    def __init__(self, world: World, consents: list[Consent], cases: Sequence[Course | Case]) -> None:
        self.world = world
        self.taken: dict[str, set[tuple[str, int]]] = {part: set() for part in ("name", "born", "sex", "upn", "post")}
        estabs = [s.laestab for s in world.schools]
        upn = SCHOOL | {"upn": "UPN"}
        self.school = [Holder(estabs[r.school], r.id, r.child, r.held, upn, record=r) for r in world.records]
        self.consents = [Holder("consents", c.id, c.child, c.held, CONSENT) for c in consents]
        self.care = [Holder("social-care", c.id, c.child, c.held, CARE, case=c) for c in cases]
        for fault in world.faults:
            if fault.kind == "upn_two_for_one":
                self.taken["upn"] |= {(h.source, h.id) for h in self.school if h.child.id == fault.child}

    def all(self) -> None:
        """Every kind that the files written can carry."""
        self._names()
        self._babies()
        self._births()
        named = self.school + self.care
        self._plant("sex_wrong", named, "sex", lambda _, sex: "F" if sex == "M" else "M")
        self._places()
        self._numbers()

    def _free(self, holders: Sequence[Holder], group: str) -> list[Holder]:
        taken = self.taken[group]
        return [h for h in holders if (h.source, h.id) not in taken and not GUARDED & set(h.child.traits)]

    def _plant(
        self, kind: str, eligible: Sequence[Holder], part: str, make: Make, fits: Callable[[Holder], bool] | None = None
    ) -> None:
        """Plant one kind in a part of some of the eligible; `fits` narrows who can carry it, not how many there are."""
        count = self.world.planted(kind, len(eligible))
        rng = self.world.rng("fault", kind)
        group = "name" if part in {"surname", "forename"} else part
        able = [h for h in self._free(eligible, group) if fits is None or fits(h)]
        for holder in rng.sample(able, min(count, len(able))):
            true = holder.true(part)
            self._write(kind, holder, part, (true, make(rng, true)))
            self.taken[group].add((holder.source, holder.id))

    def _write(self, kind: str, holder: Holder, part: str, change: tuple[str, str], detail: str = "") -> None:
        holder.held[holder.keys[part]] = change[1]
        self.world.fault(kind, (holder.source, holder.id, holder.child.id), holder.keys[part], change, detail)

    def _names(self) -> None:
        both = self.school + self.consents
        self._surnames_changed()
        double = [h for h in both if "-" in h.true("surname")]
        self._plant("hyphen_or_space", double, "surname", spoil.loosened)
        strange = [h for h in self.consents if spoil.plain(h.child.surname) != h.child.surname]
        self._plant("diacritics_lost", strange, "surname", lambda _, name: spoil.plain(name))
        self._plant("name_variant", both, "forename", spoil.variant, lambda h: h.true("forename") in lists.variants())
        rng = self.world.rng("which name")
        parts = {h.source + str(h.id): rng.choice(("surname", "forename")) for h in both}
        count = self.world.planted("name_typo", len(both))
        rng = self.world.rng("fault", "name_typo")
        for holder in rng.sample(free := self._free(both, "name"), min(count, len(free))):
            part = parts[holder.source + str(holder.id)]
            self._write("name_typo", holder, part, (holder.true(part), spoil.typo(rng, holder.true(part))))
            self.taken["name"].add((holder.source, holder.id))
        self._exchanged(both)

    def _babies(self) -> None:
        """A baby has no name yet in the case system, only a word that stands for one."""
        newest = self.world.options.on - timedelta(days=91)
        babies = [h for h in self.care if h.child.born > newest]
        self._plant("placeholder_forename", babies, "forename", lambda rng, _: rng.choice(PLACEHOLDERS))

    def _exchanged(self, both: list[Holder]) -> None:
        rng = self.world.rng("fault", "name_parts_swapped")
        count = self.world.planted("name_parts_swapped", len(both))
        free = [h for h in self._free(both, "name") if h.true("surname") != h.true("forename")]
        for holder in rng.sample(free, min(count, len(free))):
            names = holder.true("surname"), holder.true("forename")
            holder.held[holder.keys["forename"]] = names[0]
            self._write("name_parts_swapped", holder, "surname", names, "and the surname stands as forename")
            self.taken["name"].add((holder.source, holder.id))

    def _surnames_changed(self) -> None:
        """The child has a new surname; one school still holds the old one."""
        rng = self.world.rng("fault", "surname_changed")
        by_child = {h.child.id: h for h in self.school if h.record and h.record.left is None}
        able = self._free(list(by_child.values()), "name")
        count = self.world.planted("surname_changed", len(by_child))
        for holder in rng.sample(able, min(count, len(able))):
            culture = lists.cultures()[holder.child.household.culture]
            old = families.surname(rng, culture)
            while old == holder.child.surname:
                old = families.surname(rng, culture)
            days = rng.randrange(90, 540)
            since = (self.world.fridays[0] - timedelta(days=days)).isoformat()
            self._write("surname_changed", holder, "surname", (holder.true("surname"), old), f"changed on {since}")
            self.taken["name"].add((holder.source, holder.id))

    def _births(self) -> None:
        everywhere = self.school + self.consents + self.care
        able = [h for h in everywhere if spoil.swapped(h.child.born)]
        self._births_of("birth_date_swapped", able, lambda _, child: spoil.swapped(child.born) or child.born)
        self._births_of("birth_date_typo", everywhere, lambda rng, child: spoil.mistyped(rng, child.born))
        self._births_of("birth_date_default", everywhere, lambda _, child: child.born.replace(month=1, day=1))
        outside = self.consents + self.care
        self._plant("birth_date_missing", outside, "born", lambda *_: "")

    def _births_of(self, kind: str, eligible: list[Holder], make: Callable[[Random, Child], object]) -> None:
        rng = self.world.rng("fault", kind)
        able = [h for h in self._free(eligible, "born") if (h.child.born.month, h.child.born.day) != (1, 1)]
        for holder in rng.sample(able, min(self.world.planted(kind, len(eligible)), len(able))):
            made = make(rng, holder.child)
            written = care_date(made) if holder.case else str(made)  # type: ignore[arg-type]
            self._write(kind, holder, "born", (holder.true("born"), written))
            self.taken["born"].add((holder.source, holder.id))

    def _places(self) -> None:
        """Old addresses, and postcodes mistyped or left out."""
        self._old_addresses()
        self._plant("postcode_typo", self.school, "post", spoil.postcode_typo)
        self._plant("postcode_missing", self.school, "post", lambda *_: "")

    def _old_addresses(self) -> None:
        rng = self.world.rng("fault", "address_old")
        count = self.world.planted("address_old", len(self.school))
        for holder in rng.sample(able := [h for h in self.school if _may_lag(h)], min(count, len(able))):
            family, record = holder.child.household, holder.record
            if family.former_home is None:
                family.former_home = self.world.homes.home(rng)
                family.moved = self.world.fridays[0] - timedelta(days=rng.randrange(30, 730))
            if record is None or family.moved is None:
                continue
            record.home = family.former_home
            change = (_place(family.home.number, family.home.street), _place(record.home.number, record.home.street))
            where = (holder.source, holder.id, holder.child.id)
            self.world.fault("address_old", where, "Address", change, f"moved on {family.moved.isoformat()}")
            self.taken["post"].add((holder.source, holder.id))

    def _numbers(self) -> None:
        """Wrong, temporary, shared and missing numbers."""
        real = [h for h in self.care if h.true("upn")[:2] != "UN"]
        self._plant("upn_missing_care", real, "upn", lambda *_: "UN5")
        self._plant("upn_missing_youth", self.consents, "upn", lambda *_: "")
        self._temporary()
        self._shared()
        self._plant("upn_wrong", self.school + self.consents + real, "upn", self.world.upns.another)

    def _single(self) -> list[Holder]:
        """Current school records of pupils whom one school alone knows."""
        seen: dict[int, int] = {}
        for holder in self.school:
            seen[holder.child.id] = seen.get(holder.child.id, 0) + 1
        known = {h.child.id for h in self.care}
        free = self._free(self.school, "upn")
        return [h for h in free if seen[h.child.id] == 1 and h.record and not h.record.left and h.child.id not in known]

    def _temporary(self) -> None:
        rng = self.world.rng("fault", "upn_temporary")
        count = self.world.planted("upn_temporary", self.world.options.pupils)
        for holder in rng.sample(able := self._single(), min(count, len(able))):
            made = self.world.upns.issue(rng, holder.source, self.world.start, temporary=True)
            self._write("upn_temporary", holder, "upn", (holder.true("upn"), made))
            self.taken["upn"].add((holder.source, holder.id))

    def _shared(self) -> None:
        rng = self.world.rng("fault", "upn_one_for_two")
        free = self._single()
        rng.shuffle(free)
        for _ in range(self.world.planted("upn_one_for_two", self.world.options.pupils)):
            one = free.pop()
            place = next((n for n, h in enumerate(free) if h.source != one.source), None)
            if place is None:
                return
            two = free.pop(place)
            detail = f"the number of child {one.child.id} at {one.source}"
            self._write("upn_one_for_two", two, "upn", (two.true("upn"), one.true("upn")), detail)
            self.taken["upn"] |= {(one.source, one.id), (two.source, two.id)}


def _place(number: str, street: str) -> str:
    return f"{number} {street}"


def _may_lag(holder: Holder) -> bool:
    """A source can lag behind a move of the family: not of a child living elsewhere, hidden, or moving just now."""
    record, child = holder.record, holder.child
    if record is None or record.home is not None or child.home is not None or GUARDED & set(child.traits):
        return False
    return not any(change.kind == "address" for change in record.changes)
