"""Who may do what, for which purpose. `scope` is the only door to the data; `verb` makes a function accountable."""

from fairhold.access.errors import Refused
from fairhold.access.roles import EVERY, ROLES, Machine, Role, role
from fairhold.access.scope import Actor, Note, Opens, Row, Scope, current, keeping, scope
from fairhold.access.verbs import verb

__all__ = [
    "EVERY",
    "ROLES",
    "Actor",
    "Machine",
    "Note",
    "Opens",
    "Refused",
    "Role",
    "Row",
    "Scope",
    "current",
    "keeping",
    "role",
    "scope",
    "verb",
]
