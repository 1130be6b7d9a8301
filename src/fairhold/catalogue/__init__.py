"""Fields, categories, classes and code sets: what Fairhold may hold, declared once."""

from fairhold.catalogue.codes import Code, codes
from fairhold.catalogue.tables import Category, Field, Table, categories, table, tables

__all__ = ["Category", "Code", "Field", "Table", "categories", "codes", "table", "tables"]
