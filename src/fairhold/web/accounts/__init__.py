"""Accounts of staff: who may sign in, with which one role. The role decides which purposes a person may choose."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import access
from fairhold.access import Scope, accounts
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Button, Table, Tag

SHORTEST = 12  # characters of a password


@page("page.accounts", "accounts/accounts.html", posts=True)
def people(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Every account; a form of one button closes one."""
    mine = scope.actor.id
    if request.method == "POST":
        number = request.POST.get("account", "")
        if number == str(mine):
            raise access.Refused("You cannot close your own account: another administrator does it.")
        accounts.disable(scope, account=int(number) if number.isdecimal() else 0)
        visits.tell(request.visit, "The account is closed.")
        return back("accounts")
    return {"title": "Accounts", "table": _table(accounts.listed(scope), mine)}


@page("page.accounts-add", "accounts/add.html", posts=True)
def add(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """The form of a new account."""
    form = {name: request.POST.get(name, "").strip() for name in ("name", "login", "role", "password")}
    errors = _errors(form) if request.method == "POST" else {}
    if request.method == "POST" and not errors:
        accounts.add(scope, name=form["name"], login=form["login"], role_slug=form["role"], password=form["password"])
        visits.tell(request.visit, "The account is added.")
        return back("accounts")
    crumbs = [{"text": "Accounts", "href": reverse("accounts")}]
    return {"title": "Add an account", "form": form, "errors": errors, "roles": access.ROLES, "crumbs": crumbs}


def _errors(form: dict[str, str]) -> dict[str, str]:
    wanted = {
        "name": (bool(form["name"]), "Enter the person's name."),
        "login": (bool(form["login"]), "Enter the name the person signs in under."),
        "role": (form["role"] in {role.slug for role in access.ROLES}, "Choose the person's role."),
        "password": (len(form["password"]) >= SHORTEST, f"Enter a password of at least {SHORTEST} characters."),
    }
    return {field: sentence for field, (fine, sentence) in wanted.items() if not fine}


def _table(found: list[accounts.Account], mine: int) -> Table:
    return Table(
        "People who may sign in",
        ["Name", "Role", "Sign-in name", "State", "Change"],
        [
            [
                account.name,
                access.role(account.role).title,
                account.login,
                _state(account),
                ""
                if account.disabled or account.id == mine
                else Button(
                    "Close", reverse("accounts"), {"account": account.id}, "secondary", f"the account of {account.name}"
                ),
            ]
            for account in found
        ],
    )


def _state(account: accounts.Account) -> Tag:
    if account.disabled:
        return Tag("Closed", "grey")
    return Tag("Made up", "purple") if account.made_up else Tag("Open", "green")
