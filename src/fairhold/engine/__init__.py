"""Everything Fairhold asks of PostgreSQL, DuckDB and Arrow. Importing it loads none of them."""

from fairhold.engine import columns, database, postgres, settings
from fairhold.engine.errors import EngineError, plain
from fairhold.engine.settings import home

__all__ = ["EngineError", "columns", "database", "home", "plain", "postgres", "settings"]
