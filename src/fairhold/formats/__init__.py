"""What a file says: one folder per file format, for `fairhold read`, intake, returns and the made-up borough alike."""

from fairhold.formats.domain import Reading, Refusal, Row, SetAside, Unknown
from fairhold.formats.opening import Unreadable, recognise
from fairhold.formats.opening import open_file as open

__all__ = ["Reading", "Refusal", "Row", "SetAside", "Unknown", "Unreadable", "open", "recognise"]
