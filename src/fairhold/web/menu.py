"""The menu: which pages there are, in the order people meet them. A purpose sees those that it opens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One page of the menu: its door, the name of its address, its title, and a sentence for the home page."""

    door: str
    name: str
    text: str
    about: str


MENU = (Entry("page.home", "home", "Today", "What needs doing today."),)

FOOTER = (("About these pages and their accessibility", "about"),)
