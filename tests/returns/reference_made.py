"""Made-up reference data in the forms it really comes in: a postcode directory and Ofsted's lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

OWN, OTHER = "E09000031", "E10000012"
ONSPD = "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,osgrdind"
# No postcode area is called AA, QQ or ZZ: none of these is anybody's.
PLACES = {  # postcode: lower-tier authority, county, easting, northing
    "AA1 1AA": (OWN, "E99999999", "500000", "200000"),
    "AA2 2AA": (OWN, "E99999999", "503000", "0204000"),
    "QQ1 1QQ": ("E07000066", OTHER, "580000", "190000"),
    "QQ2 2QQ": ("W06000015", "W99999999", "318000", "176000"),
    "QQ3 3QQ": ("S12000036", "S99999999", "325000", "673000"),
    "QQ4 4QQ": ("N09000003", "N99999999", "333000", "374000"),
    "QQ5 5QQ": ("L99999999", "L99999999", "", ""),
    "QQ6 6QQ": ("", "", "500000", "200000"),
    "ZZ1 1ZZ": (OWN, "E99999999", "", ""),
}


def onspd(folder: Path, places: dict[str, tuple[str, str, str, str]] = PLACES, name: str = "ONSPD_FEB_2026_UK") -> Path:
    """A directory as the Office for National Statistics lays it out, every text in quotation marks."""
    lines = [ONSPD]
    for code, (lower, county, east, north) in places.items():
        short, padded = code.replace(" ", ""), code.replace(" ", "  ")
        cells = [short, padded, code, "198001", "", county, "", lower, "", "", "0", east, north, "1"]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return text(folder / f"{name}.csv", "\n".join(lines) + "\n")


def text(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return path


def workbook(path: Path, sheets: dict[str, Sequence[Iterable[object]]]) -> Path:
    """An Excel workbook with these rows on these sheets."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, list(row))
    book.close()
    return path


HOMES_HEAD = ["Web link", "URN", "Local Authority", "Provider Code", "Provider Placement Code", "Closed Date"]
CARE_HEAD = ["URN", "Local authority", "Placement code", "Placement provider code", "Setting postcode"]
BOTH_HEAD = ["URN", "Local authority", "Placement code", "Placement provider code", "Deregistration date"]
GONE = date(2026, 6, 1)


def homes(folder: Path) -> Path:
    """The list of children's homes, all on one sheet."""
    rows = [["", "SC012345", "", "PR4/PR5", "K1/K2", "", "aa1 1aa"], ["", 1234567, "", "PR1", "K2", GONE, "QQ1 1QQ"]]
    return workbook(folder / "homes.xlsx", {"Provider information": [[*HOMES_HEAD, "Setting Postcode"], *rows]})


def homes_on_two_sheets(folder: Path) -> Path:
    """The same with the addresses on a sheet of their own."""
    rows = [["", "SC012345", "", "PR4/PR5", "K1/K2", ""], ["", 1234567, "", "PR1", "K2", GONE]]
    addresses = [["SC012345", "aa1 1aa"], [1234567, "QQ1 1QQ"]]
    return workbook(
        folder / "homes.xlsx",
        {
            "Settings and Inspection Info": [HOMES_HEAD, *rows],
            "Address Details": [["URN", "Setting Address Postcode"], *addresses],
        },
    )


def care(folder: Path) -> Path:
    """The list of social care providers: those that are open and those that closed."""
    return workbook(
        folder / "care.xlsx",
        {
            "Current providers": [CARE_HEAD, ["SC400000", "", "U1,U4", "PR2", "AA2 2AA"]],
            "Providers closed": [
                [*CARE_HEAD, "Deregistration date"],
                ["SC500000", "", "U1", "PR4", "AA2 2AA", date(2025, 12, 31)],
            ],
        },
    )


def combined(folder: Path) -> Path:
    """Both lists in one, with the sheet of supported accommodation, which names no placement code."""
    rows = [
        ["SC012345", "", "K1,K2", "PR4,PR5", "", "AA1 1AA"],
        ["1234567", "", "K2", "PR1", "01/06/2026", "QQ1 1QQ"],
        ["SC400000", "", "U1,U4", "PR2", "", "AA2 2AA"],
        ["SC500000", "", "U1", "PR4", "2025-12-31", "AA2 2AA"],
    ]
    supported = [["2600001", "", "", "AA1 1AA"]]
    return workbook(
        folder / "both.xlsx",
        {
            "Providers": [[*BOTH_HEAD, "Setting Address Postcode"], *rows],
            "SA providers": [
                ["URN", "Provider local authority", "Closed date", "Setting address postcode"],
                *supported,
            ],
        },
    )


def as_csv(folder: Path) -> Path:
    """The same as one CSV with the names that rules use."""
    rows = [
        "URN,PLACE_CODES,PROVIDER_CODES,REG_END,POSTCODE",
        'sc012345,"K1,K2","PR4,PR5",,AA1 1AA',
        "1234567,K2,PR1,01/06/2026,QQ1 1QQ",
        'SC400000,"U1,U4",PR2,,AA2 2AA',
        "SC500000,U1,PR4,31/12/2025,AA2 2AA",
    ]
    return text(folder / "providers-2026-03.csv", "\n".join(rows) + "\n")


LISTED = {  # urn: places, providers, postcode, closed
    "SC012345": ("K1,K2", "PR4,PR5", "AA11AA", None),
    "1234567": ("K2", "PR1", "QQ11QQ", GONE),
    "SC400000": ("U1,U4", "PR2", "AA22AA", None),
    "SC500000": ("U1", "PR4", "AA22AA", date(2025, 12, 31)),
}
SUPPORTED = {"2600001": ("K3", None, "AA11AA", None)}
