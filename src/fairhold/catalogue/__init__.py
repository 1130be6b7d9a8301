"""Fields, categories, classes and code sets: what Fairhold may hold, declared once."""

from fairhold.catalogue import codes
from fairhold.catalogue.codes import label
from fairhold.catalogue.tables import Category, Field, Table, categories, digest, table, tables

__all__ = ["Category", "Field", "Table", "categories", "codes", "digest", "label", "table", "tables"]
