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
    also: str = ""  # another address that belongs to it


MENU = (
    Entry("page.home", "home", "Today", "What needs doing today."),
    Entry("page.feeds", "feeds", "Feeds", "Whose files have come, and whose are missing."),
    Entry("page.deliveries", "deliveries", "Deliveries", "Files that came, what went in, and the rows set aside."),
    Entry("page.children", "children", "Children", "Find a child and see the record as at any day."),
    Entry("page.links", "links", "Matches", "Pairs of records that a person must judge."),
    Entry(
        "page.collections",
        "collections",
        "Collections",
        "What the council owes to government this year, and how ready it is.",
    ),
    Entry("page.findings", "findings-all", "Findings", "What the rules of a return say about the files delivered."),
    Entry("page.returns", "returns", "Submissions", "Returns built from the record: who signed them, what was sent."),
    Entry("page.annex-a", "annex-a", "Inspection", "Ofsted's lists of children (Annex A), and what changed in them."),
    Entry("page.own-requests", "own-requests", "Your requests", "What you asked the council, and its answer."),
    Entry("page.shares", "shares", "Shares", "What was proposed, approved, sent, and why not more."),
    Entry(
        "page.emergencies",
        "emergencies",
        "Emergencies",
        "Tell somebody at once to keep a child from harm.",
        "emergency",
    ),
    Entry("page.known", "known", "Known to us?", "Say whether a child is known to a service, or that we do not say."),
    Entry("page.declined", "declined", "Not shared", "What was decided not to be shared, and why."),
    Entry("page.share-log", "share-log", "What left", "Who received what about children, when, why, on which law."),
    Entry("page.share-counts", "share-counts", "Shared counts", "How often data was shared, and why; it names nobody."),
    Entry("page.policy", "policy", "Policy", "The rows of law and policy that decide; try a case, confirm, tighten."),
    Entry("page.disposal", "disposal", "Disposal", "What is due today, why, and what blocks it."),
    Entry("page.totals", "totals", "Totals", "Counts of children, none of them about one child."),
    Entry("page.measures", "measures", "Measures", "How children's social care is doing, year by year."),
    Entry(
        "page.ledger",
        "ledger",
        "Ledger",
        "What was seen and done, by whom and for what; and whether anybody changed it.",
    ),
    Entry("page.sources", "sources", "Sources", "Schools and services that may send data."),
    Entry("page.accounts", "accounts", "Accounts", "Who may sign in, with which role."),
    Entry("page.daily", "daily", "Daily run", "What runs every day by itself, and whether it has."),
    Entry("page.proof", "proof", "Proof", "Each promise of the privacy notice, and the test that shows it is kept."),
    Entry("page.asked", "asked", "What is asked", "Which items must be given, and which may be."),
    Entry("page.notice", "notice-check", "Privacy notice", "What the notice says, and what the system does."),
    Entry(
        "page.dictionary", "dictionary", "Dictionary", "Everything that may be held, for which purposes, on which law."
    ),
)

FOOTER = (("How we use data", "notice"), ("About these pages and their accessibility", "about"))
