"""What each source said of each subject, for which period, told by which delivery and line."""

from fairhold.facts.encode import Encoded, Encoder, Repeated
from fairhold.facts.plain import plain
from fairhold.facts.rows import Links
from fairhold.facts.store import Incoming, Stored, store, table_numbers

__all__ = ["Encoded", "Encoder", "Incoming", "Links", "Repeated", "Stored", "plain", "store", "table_numbers"]
