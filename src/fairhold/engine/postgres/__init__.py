"""The embedded PostgreSQL server: one cluster per home folder, started by the first user, stopped by the last."""

from fairhold.engine.postgres import launcher

__all__ = ["launcher"]
