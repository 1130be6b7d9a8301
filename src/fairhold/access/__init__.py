"""Who may do what, for which purpose. `scope` is the only door to the data; `verb` makes a function accountable."""

from fairhold.access.errors import Refused
from fairhold.access.roles import ROLES, Role, role
from fairhold.access.scope import Actor, Note, Row, Scope, current, scope
from fairhold.access.verbs import verb

__all__ = ["ROLES", "Actor", "Note", "Refused", "Role", "Row", "Scope", "current", "role", "scope", "verb"]
