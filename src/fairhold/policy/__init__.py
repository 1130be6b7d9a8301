"""Which rows of law and policy a named officer has confirmed."""

from fairhold.policy.actions import Standing, confirm, files, standing

__all__ = ["Standing", "confirm", "files", "standing"]
