"""The yearly return of children looked after, cut from the courses of care as they stood on one day."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fairhold.dates.birthdays import birthday
from fairhold.synth.care import Course
from fairhold.synth.chance import stream

Row = dict[str, str]
TABLES = (
    "Header",
    "Episodes",
    "Reviews",
    "UASC",
    "OC2",
    "OC3",
    "AD1",
    "PlacedAdoption",
    "PrevPerm",
    "Missing",
    "SWEpisodes",
    "DoLo",
)
LIBERTY_FROM = 2027  # the table of liberty orders is new in this collection
PARTS = ("PN1", "PN1", "PN1", "PN2", "PN3", "PN5", "PN6", "PN7")


def text(day: date | None) -> str:
    """A date as the return writes it; nothing for none."""
    return day.strftime("%d/%m/%Y") if day else ""


class Snapshot:
    """One collection (the year to 31 March `end`) as at the day `on`, table by table; each row with its course."""

    def __init__(self, seed: int, courses: list[Course], end: date, on: date) -> None:
        self.seed, self.end, self.on = seed, end, min(end, on)
        self.start = end.replace(year=end.year - 1) + timedelta(days=1)
        self.rows: dict[str, list[tuple[Course, Row]]] = {table: [] for table in TABLES}
        if end.year < LIBERTY_FROM:
            del self.rows["DoLo"]
        for course in courses:
            self._course(course)

    def _put(self, table: str, course: Course, row: Row) -> None:
        head = {"CHILD": course.key}
        if table != "Episodes":
            head["DOB"] = course.held.get("DOB", text(course.born))
        self.rows[table].append((course, head | row))

    def _course(self, course: Course) -> None:
        touching = [e for e in course.episodes if e.started <= self.on and (e.ended is None or e.ended >= self.start)]
        if touching:
            self._header(course)
            self._episodes(course)
            self._in_care(course, through=self._all_year(course))
        elif self._leaver(course):
            self._header(course, leaver=True)
            self._care_leaver(course)

    def _all_year(self, course: Course) -> bool:
        """Looked after without a break since before the year began, and until it ends or until now."""
        return course.start <= self.start and (course.end is None or course.end > self.on)

    def _leaver(self, course: Course) -> bool:
        """Left care at 18 before this year. This year's return has only those whose care ended in last year's."""
        if course.end is None or course.end < birthday(course.child.born, 18) or course.end >= self.start:
            return False
        latest = course.end >= self.start.replace(year=self.start.year - 1)
        return latest if self.on < self.end else not latest

    def _header(self, course: Course, *, leaver: bool = False) -> None:
        upn = course.held.get("UPN", course.upn)
        school = date(course.child.born.year + 4 + (course.child.born.month > 8), 9, 1)
        if school > self.on and upn[:2] != "UN":
            upn = "UN1"
        sex = course.held.get("SEX", course.sex)
        mother = "" if leaver or sex != "F" else "0"
        born = course.mother_of if course.mother_of and course.mother_of <= self.on and mother else None
        row = {"SEX": sex, "ETHNIC": course.child.household.ethnicity, "UPN": upn}
        self._put("Header", course, row | {"MOTHER": "1" if born else mother, "MC_DOB": text(born)})
        if course.asylum:
            self._put("UASC", course, {"SEX": sex, "DUC": text(birthday(course.child.born, 18))})

    def _episodes(self, course: Course) -> None:
        for e in course.episodes:
            if e.started > self.on or (e.ended is not None and e.ended < self.start):
                continue
            closed = e.ended is not None and e.ended <= self.on
            row = {"DECOM": text(e.started), "RNE": e.rne, "LS": e.legal, "CIN": course.need, "PLACE": e.place}
            row |= {"PLACE_PROVIDER": e.provider, "HOME_POST": course.home_post, "PL_POST": e.post, "URN": e.urn}
            if closed:
                row |= {"DEC": text(e.ended), "REC": e.rec, "REASON_PLACE_CHANGE": e.reason}
            self._put("Episodes", course, row)

    def _in_care(self, course: Course, *, through: bool) -> None:
        """The tables of a child with an episode in the year."""
        for day in course.reviews:
            if self.start <= day <= self.on:
                rng = stream(self.seed, "review", course.id, day.toordinal())
                code = "PN0" if day < birthday(course.child.born, 4) else rng.choice(PARTS)
                self._put("Reviews", course, {"REVIEW": text(day), "REVIEW_CODE": code})
        if through:
            self._health(course)
        if self.start <= course.start <= self.on:
            kind, authority, day_text = course.earlier
            if kind != "Z1" and day_text[6:] >= text(course.start)[6:]:
                kind, authority, day_text = "Z1", "", ""
            self._put("PrevPerm", course, {"PREV_PERM": kind, "LA_PERM": authority, "DATE_PERM": day_text})
        self._plan(course)
        self._apart(course)

    def _apart(self, course: Course) -> None:
        """Times missing, social workers, orders of liberty."""
        for kind, away, back in course.missing:
            if self.start <= away <= self.on:
                self._put("Missing", course, {"MISSING": kind, "MIS_START": text(away), "MIS_END": text(back)})
        for worker, first, last, reason in course.workers:
            if first <= self.on and (last is None or last >= self.start):
                row = {"SW_ID": worker, "SW_DECOM": text(first), "SW_REASON": reason}
                self._put("SWEpisodes", course, row | {"SW_DEC": text(last if last and last <= self.on else None)})
        if course.liberty and "DoLo" in self.rows and self.start <= course.liberty[0] <= self.on:
            self._put("DoLo", course, {"DOLO_START": text(course.liberty[0]), "DOLO_END": text(course.liberty[1])})

    def _health(self, course: Course) -> None:
        """Health of a child looked after all year: scores by age, checks, substance misuse."""
        rng, born = stream(self.seed, "health", course.id, self.end.year), course.child.born
        row: Row = {}
        if birthday(born, 4) <= self.end and birthday(born, 17) >= self.start:
            row["SDQ_SCORE"] = str(max(0, min(40, round(rng.gauss(14.5, 7))))) if rng.random() < 0.87 else ""
            row["SDQ_REASON"] = "" if row["SDQ_SCORE"] else rng.choice(("SDQ2", "SDQ4", "SDQ5"))
        if birthday(born, 10) <= self.end:
            row["CONVICTED"] = "1" if rng.random() < 0.02 else "0"
        if birthday(born, 5) > self.end:
            row["HEALTH_CHECK"] = "1" if rng.random() < 0.93 else "0"
        for name, share in (("IMMUNISATIONS", 0.63), ("TEETH_CHECK", 0.84), ("HEALTH_ASSESSMENT", 0.93)):
            row[name] = "1" if rng.random() < share else "0"
        self._put("OC2", course, row | self._misuse(rng, born))

    def _misuse(self, rng: Random, born: date) -> Row:
        if birthday(born, 11) > self.end or rng.random() > 0.04:
            return {"SUBSTANCE_MISUSE": "0"}
        if rng.random() < 0.6:
            return {"SUBSTANCE_MISUSE": "1", "INTERVENTION_RECEIVED": "1"}
        return {"SUBSTANCE_MISUSE": "1", "INTERVENTION_RECEIVED": "0", "INTERVENTION_OFFERED": rng.choice("01")}

    def _plan(self, course: Course) -> None:
        """Decision for adoption, and the adoption itself in the year it happened."""
        plan = course.plan
        if plan is None or plan.decided > self.on or (plan.ceased and plan.ceased < self.start):
            return
        over = plan.ceased if plan.ceased and plan.ceased <= self.on else None
        row = {"DATE_PLACED": text(plan.decided), "DATE_PLACED_CEASED": text(over)}
        self._put("PlacedAdoption", course, row | {"REASON_PLACED_CEASED": plan.reason if over else ""})
        if plan.matched and course.end and self.start <= course.end <= self.on:
            rng = stream(self.seed, "adopters", course.id)
            number, sexes, status = rng.choice(
                (("2", "MF", "L11"), ("2", "MF", "L3"), ("2", "FF", "L12"), ("1", "F1", "L0"))
            )
            row = {"DATE_INT": text(plan.decided), "DATE_MATCH": text(plan.matched), "FOSTER_CARE": "0"}
            self._put("AD1", course, row | {"NB_ADOPTR": number, "SEX_ADOPTR": sexes, "LS_ADOPTR": status})

    def _care_leaver(self, course: Course) -> None:
        rng = stream(self.seed, "leaver", course.id, self.end.year)
        if rng.random() < 0.07:
            row = {"IN_TOUCH": rng.choice(("NO", "REFU")), "ACTIV": "0", "ACCOM": "0"}
        else:
            work = rng.choice(("F1", "F2", "F2", "F4", "P2", "F5", "G4", "G5", "G6"))
            row = {
                "IN_TOUCH": "YES",
                "ACTIV": work,
                "ACCOM": rng.choice(("B1", "C1", "D1", "K1", "U1", "U1", "V1", "Y1", "U2")),
            }
        self._put("OC3", course, row)
