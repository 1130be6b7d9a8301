"""Spoils both years of a clean SSDA903 set of CSV files."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from random import Random

from bench.returns.spoil import ROUGH, Rough, Spoiler
from fairhold.formats import ssda903

Row = dict[str, str]
LENT = 60  # rows of others, in each table
HALF = 0.5  # rows that stay as they are
ORDER = ("DECOM", "SW_DECOM", "DOB")  # columns that tie rows to others
SINGLE = ("Header", "UASC", "OC2", "OC3", "AD1")  # tables with one row a child
# postcodes of town halls, museums and the like, for the directory knows none of the made-up ones: some of the authority
# that sends the return, others of its neighbours, of counties and of every country of the kingdom
PLACES = (
    "E17 4JF", "E17 4PP", "E10 5QN", "E4 8SU", "E15 4BQ", "N17 9JF", "IG1 1DD", "SW1A 1AA", "CM1 1QH", "CM16 4BZ",
    "M60 2LA", "le1 1fz", "NE1  8QH", "EH1 1BG", "G1 1XQ", "CF10 4UW", "BT1 5GS", "GY1 2PG",
)  # fmt: skip
ODD = {
    "UPN": ("UN1", "UN2", "UN3", "UN4", "UN5", "UN9", "A12345678901B", "A123", "I123456789012"),
    "URN": ("XXXXXXX", "SC1234567", "123456", "0", "ABCDEFGH"),
    "CHILD": ("99999999",),
    "SW_ID": ("SW1",),
    "SDQ_SCORE": ("0", "40", "41", "-1", "7.5", "A"),
    "NB_ADOPTR": ("0", "1", "2", "3"),
    "LA_PERM": ("301", "NUK", "XXX", "E09000031", "320"),
    "DATE_PERM": ("ZZ/ZZ/ZZZZ", "ZZ/05/2020", "ZZ/ZZ/2019", "01/05/2026", "01/05/2029", "ZZ/05/2029", "31/04/2020"),
    "HOME_POST": ("ZZ99 9ZZ", "E1", *PLACES),
    "PL_POST": ("ZZ99 9ZZ", "E1", *PLACES),
}


def spoil(seed: int, clean: Path, out: Path, rough: Rough = ROUGH) -> None:
    """Write `out/2026` and `out/2027` from the same folders in `clean`."""
    rng = Random(seed)
    years = {year: read(clean / year) for year in ("2026", "2027")}
    share(rng, years, rough)
    for tables in years.values():
        lend(rng, tables, rough)
    settle(rng, years)
    for year, tables in years.items():
        spoiled = Tables(rng, tables, rough)
        (out / year).mkdir(parents=True)
        for name, (file, columns, _) in tables.items():
            with (out / year / file).open("w", encoding="utf-8", newline="") as to:
                writer = csv.DictWriter(to, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows(spoiled.rows(name, 1.0 if year == "2027" else 0.3))


Loaded = dict[str, tuple[str, list[str], list[Row]]]


def read(folder: Path) -> Loaded:
    """The tables of a folder by name, each with its file, columns and rows."""
    by_columns = {table.names: name for name, table in ssda903.tables().items()}
    found: Loaded = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with path.open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        found[by_columns[tuple(columns)]] = path.name, columns, rows
    return found


def share(rng: Random, years: dict[str, Loaded], rough: Rough) -> None:
    """Let last year's set have every table, and rows of one year stand in the other too."""
    last, this = years["2026"], years["2027"]
    for name, (file, columns, rows) in this.items():
        old = last.setdefault(name, (file, columns, []))[2]
        of_this, of_last = ({row["CHILD"] for row in of_year} for of_year in (rows, old))
        taken = [(row, of_this) for row in old if rng.random() < 0.03]
        given = [(row, of_last) for row in rows if rng.random() < (0.05 if old else 0.5)]
        single = name in SINGLE and not rough.twice
        rows += [dict(row) for row, there in taken if not (single and row["CHILD"] in there)]
        old += [dict(row) for row, there in given if not (single and row["CHILD"] in there)]


def lend(rng: Random, tables: Loaded, rough: Rough) -> None:
    """Let children stand in tables where they seldom do: rows of others, half of them with their own birth date."""
    born = {row["CHILD"]: row["DOB"] for row in tables["Header"][2]}
    everybody = sorted({row["CHILD"] for row in tables["Episodes"][2]} & born.keys())
    for name in sorted(tables.keys() - {"Header", "Episodes"}):
        rows = tables[name][2]
        there = {row["CHILD"] for row in rows} if name in SINGLE and not rough.twice else set()
        for child in rng.sample(everybody, LENT):
            if rows and child not in there:
                row = dict(rng.choice(rows), CHILD=child)
                if rng.random() < 0.5 and "DOB" in row:
                    row["DOB"] = born[child]
                rows.append(row)


def settle(rng: Random, years: dict[str, Loaded]) -> None:
    """Let most homes and placements lie where the directory knows the postcode, the same in both years mostly."""
    known: dict[str, str] = {}
    for tables in years.values():
        for row in tables["Episodes"][2]:
            for column in ("HOME_POST", "PL_POST"):
                place = known.setdefault(row[column], rng.choice(PLACES))
                if row[column] and rng.random() < 0.85:
                    row[column] = place if rng.random() < 0.9 else rng.choice(PLACES)


class Tables:
    """One year's tables, with what is needed to draw other values."""

    def __init__(self, rng: Random, tables: Loaded, rough: Rough) -> None:
        self.rng, self.tables, self.rough = rng, tables, rough
        self.spoiler = Spoiler(rng, lambda day: day.strftime("%d/%m/%Y"), read_date, rough.unreadable)
        self.near: dict[str, list[date]] = {}
        for _, columns, rows in tables.values():
            for row in rows:
                dates = [found for name in columns if (found := read_date(row[name]))]
                self.near.setdefault(row["CHILD"], []).extend(dates)

    def rows(self, name: str, strength: float) -> list[Row]:
        """The table spoiled: rows taken out, doubled, and about half of them changed in one to four cells."""
        rng, kept = self.rng, []
        columns = {column.name: column for column in ssda903.tables()[name].columns}
        rows = self.tables[name][2]
        values = {column: sorted({row[column] for row in rows} - {""}) for column in columns}
        for row in rows:
            if rng.random() < 0.04 * strength:
                continue
            twice = self.rough.twice and rng.random() < 0.04 * strength
            for _ in range(1 + twice):
                kept.append(self.changed(dict(row), columns, values) if rng.random() < HALF * strength else row)
        if self.rough.shuffled:
            rng.shuffle(kept)
        return kept

    def changed(self, row: Row, columns: dict[str, ssda903.Column], values: dict[str, list[str]]) -> Row:
        """A row with one to four other values."""
        rng = self.rng
        self.spoiler.near = self.near[row["CHILD"]]
        for name in rng.sample(list(columns), min(len(columns), rng.choice((1, 1, 1, 2, 2, 3, 4)))):
            if name == "CHILD" and (not self.rough.nameless or rng.random() < 0.8):
                continue
            column, before = columns[name], row[name]
            if column.codes:
                row[name] = self.spoiler.code(row[name], column.codes)
            elif column.type == "date" and name != "DATE_PERM":
                row[name] = self.spoiler.date(row[name])
            else:
                row[name] = self.spoiler.text(row[name], values[name], ODD.get(name, ("ODD",)))
            if not row[name] and (name == "CHILD" or (name in ORDER and not self.rough.undated)):
                row[name] = before  # without a child one of the two checkers joins blank to blank
        return row


def read_date(text: str) -> date | None:
    """A date as the return writes it."""
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        return None
