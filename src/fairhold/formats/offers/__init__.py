"""Applications and offers for study after 16, as providers give them: one row an application.

The format is Fairhold's own, since none is published: `UPN,SURNAME,FORENAME,DOB,PROVIDER_NO,PROVIDER,COURSE,STATUS,
APPLIED`. PROVIDER_NO is the provider's UKPRN or URN; STATUS one of applied, offered, accepted, declined, withdrawn.
"""

from __future__ import annotations

from typing import Final

KIND: Final = "offers"
TABLE: Final = "applications"
COLUMNS: Final = ("UPN", "SURNAME", "FORENAME", "DOB", "PROVIDER_NO", "PROVIDER", "COURSE", "STATUS", "APPLIED")
