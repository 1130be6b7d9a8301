"""A real browser over a real server: pages served by waitress in a thread, looked at by Chromium."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from fairhold import access
from fairhold.access import accounts

AXE = Path(__file__).parent / "axe/axe.min.js"
PICTURES = Path(__file__).parents[2] / "docs/images"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What WCAG 2.2 AA asks and a program can tell, and axe's own good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

MARK_CONTROLS = """() => {
    const shown = e => e.checkVisibility({visibilityProperty: true})
        && !e.closest('details:not([open]) > :not(summary)');
    const first = name => document.querySelector(`input[name="${name}"]:checked`)
        || document.querySelector(`input[name="${name}"]`);
    const kinds = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    const controls = [...document.querySelectorAll(kinds)]
        .filter(e => shown(e) && !e.disabled && (e.type !== 'radio' || e === first(e.name)));
    controls.forEach(e => e.dataset.wanted = 'yes');
    document.activeElement && document.activeElement.blur();
    return controls.length;
}"""
UNMARK_FOCUSED = """() => {
    delete document.activeElement.dataset.wanted;
    return document.querySelectorAll('[data-wanted]').length;
}"""


@contextmanager
def served() -> Iterator[str]:
    """The address at which the pages are served, on a free port of this machine."""
    from waitress.server import create_server

    from fairhold.web.server import application

    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(timeout=10)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or one that CHROMIUM names."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "These tests need Chromium: apt-get install chromium (make setup does it)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


def faults(page: Page) -> list[str]:
    """What axe finds wrong with the page, one line each."""
    page.evaluate(AXE.read_text("utf-8"))  # evaluated by the browser's tools, so the page's own policy stays strict
    found: dict[str, Any] = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def unreachable(page: Page) -> list[str]:
    """Controls that Tab does not come to, in a walk through the whole page."""
    wanted: int = page.evaluate(MARK_CONTROLS)
    for _ in range(wanted * 2 + 20):
        page.keyboard.press("Tab")
        if not page.evaluate(UNMARK_FOCUSED):
            return []
    missed: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('[data-wanted]')].map(e => e.outerHTML.slice(0, 120))"
    )
    return missed


def picture(page: Page, name: str, *, height: int = 900) -> None:
    """Write a picture of the page's beginning for README and manual, when FAIRHOLD_PICTURES asks for it."""
    if os.environ.get("FAIRHOLD_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.set_viewport_size({"width": 1280, "height": height})
        page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
        page.screenshot(path=PICTURES / f"{name}.png")


def enter(page: Page, role: str, purpose: str | None = None, *, other: bool = False) -> None:
    """Sign in as the first person of a role, or as another, and, if named, work under a purpose."""
    people = [account for account in accounts.made_up() if account.role == role]
    person = people[int(other)]
    page.goto("/sign-in/")
    page.get_by_role("button", name=f"Sign in as {person.name}, {access.role(role).title}").click()
    if purpose:
        choose(page, purpose)


def choose(page: Page, purpose: str) -> None:
    page.goto("/purpose/")
    page.locator(f"input[value={purpose}]").check()
    page.get_by_role("button", name="Start").click()


def sound(page: Page) -> None:
    assert faults(page) == [], page.url
    assert unreachable(page) == [], page.url


def leave(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
