"""What runs by itself, every day."""

from fairhold.jobs.daily import Ran, run

__all__ = ["Ran", "run"]
