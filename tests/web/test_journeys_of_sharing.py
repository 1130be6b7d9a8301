"""Sharing in a real browser: asked for, approved, told in an emergency, not told, chosen, published, accounted for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from fairhold import access, ledger
from fairhold.access import accounts
from fairhold.engine import database
from fairhold.sharing import asked_outside
from tests.web.browser import choose, enter, picture, sound


def kept() -> list[int]:
    """How many rows each table of sharing has, and the list of what needs doing."""
    with database.connect("owner") as owner:
        names = owner.execute(
            "select relname from pg_class where relnamespace = 'system'::regnamespace and relkind = 'r'"
            " and (relname like 'share%' or relname like 'partner%' or relname = 'work_item') order by 1"
        ).fetchall()
        every = " union all ".join(f"select count(*) from system.{name}" for (name,) in names)
        return [int(number) for (number,) in owner.execute(every).fetchall()]


def test_a_share_is_asked_for_with_its_answer_first_and_approved_by_another(page: Page) -> None:
    enter(page, "youth-officer", "youth-support")
    page.goto("/shares/")
    page.get_by_role("button", name="Ask for a share").click()
    page.get_by_label("Youth service (made up): Youth support list").check()
    page.get_by_label("To give a child or family the right service").check()
    before = kept()
    page.get_by_label("What will the recipient do with it?").fill("Call on those who left school in the summer.")
    expect(page.get_by_role("status")).to_contain_text("Of 8 fields,")  # as typed: no button was pressed
    expect(page.get_by_role("table", name="Decisions by field")).to_contain_text("No parent has said yes to this.")
    expect(page.get_by_label("What will the recipient do with it?")).to_be_focused()
    assert page.url.endswith("/shares/propose/")
    assert kept() == before
    assert {event.kind for event in ledger.newest(limit=2)} == {"choices.read", "shares.preview"}
    page.get_by_label("What will the recipient do with it?").fill("As discussed")
    expect(page.get_by_role("status")).to_contain_text("No answer yet. Say in your own words")
    expect(page.get_by_role("table", name="Decisions by field")).to_have_count(0)  # nothing outdated stands there
    page.get_by_label("What will the recipient do with it?").fill("Call on those who left school in the summer.")
    page.get_by_role("button", name="See the answer").click()
    expect(page.get_by_role("heading", name="The answer today")).to_be_visible()
    expect(page.get_by_label("Attendance band")).to_be_checked()
    sound(page)
    picture(page, "ask", height=1900)
    page.get_by_label("Attendance band").uncheck()
    page.get_by_role("button", name="Ask for it").click()
    number = page.get_by_role("heading", level=1).inner_text().split()[-1]
    enter(page, "ig-officer", "information-governance")
    page.goto(f"/shares/{number}/")
    page.get_by_label("On what does your judgement rest?").fill("The agreement and the need were seen.")
    picture(page, "approve", height=1300)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text("The share is approved.")
    sound(page)


def test_an_officer_reads_why_fields_of_a_share_were_refused(page: Page) -> None:
    enter(page, "ig-officer", "information-governance")
    page.get_by_role("link", name="Shares").first.click()
    page.get_by_role("link", name="Share 1", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Share 1")
    picture(page, "share", height=1500)
    page.locator("summary").first.click()
    sound(page)


def test_an_officer_tries_a_case_and_tightens_a_row_from_a_day_on(page: Page) -> None:
    enter(page, "ig-officer", "information-governance")
    page.goto("/policy/")
    expect(page.get_by_role("table", name="Rows of law and policy")).to_contain_text("What law and consent open")
    picture(page, "policy")
    page.get_by_role("link", name="Try a case at the gate").click()
    page.get_by_label("Birth date of the made-up child").fill("1/6/2010")
    expect(page.get_by_role("status")).to_have_text("Some of it may go: 3 of 8 fields.")
    page.route("**/policy/try/", lambda route: route.fulfill(body=""))
    page.get_by_label("Case or file number").fill("1")
    expect(page.get_by_role("status")).to_contain_text("The answer cannot be had just now.")
    page.unroute("**/policy/try/")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("table", name="The answer, field by field")).to_contain_text(
        "The young person has not said yes"
    )
    expect(page.get_by_role("table", name="Were one thing otherwise")).to_contain_text(
        "With the young person's consent"
    )
    sound(page)
    picture(page, "try-a-case", height=1300)
    page.goto("/policy/rows/policy_recipients/")
    sound(page)
    page.get_by_role("link", name="careers-adviser").click()
    page.get_by_label("Age to", exact=True).fill("19")
    page.get_by_label("First day").fill("1/9/2027")
    page.get_by_label("Why?").fill("Made-up advice of 1 November.")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("table")).to_contain_text("Less may go")
    sound(page)
    page.goto("/policy/rows/policy_recipients/careers-adviser/?on=1/9/2027")
    expect(page.get_by_role("table", name="How it was, is and will be")).to_contain_text("1 November")
    sound(page)
    picture(page, "policy-row", height=1100)
    for address in ("/policy/agreements/", "/policy/proofs/"):
        page.goto(address)
        sound(page)


def test_the_protection_officer_publishes_the_notice_and_answers_who_had_what(page: Page) -> None:
    enter(page, "ig-officer", "information-governance")
    page.goto("/notice/check/")
    sound(page)
    page.get_by_role("button", name="Publish the notice").click()
    expect(page.get_by_text("The notice says what the system does.")).to_be_visible()
    page.goto("/notice/")
    sound(page)
    picture(page, "notice")
    page.goto("/notice/processing/")
    sound(page)
    page.goto("/shares/log/")
    sound(page)
    picture(page, "log")
    page.goto("/shares/counts/")
    sound(page)
    page.goto("/shares/emergencies/")
    sound(page)


@pytest.mark.proves("N149")
def test_a_partner_asks_and_reads_an_answer_that_never_says_whether_a_child_is_known(page: Page) -> None:
    account = next(one.id for one in accounts.made_up() if one.role == "partner")
    body = number("select min(id) from system.share_partner where kind = 'health'")
    with access.scope(access.Actor(1, "Made-up", "ig-officer"), "information-governance") as scope:
        asked_outside.add_account(scope, account=account, partner=body)
    enter(page, "partner")
    page.get_by_role("link", name="Your requests").first.click()
    expect(page.get_by_text("You have asked for nothing yet.")).to_be_visible()
    page.get_by_role("button", name="Ask for data about a child").click()
    page.get_by_role("button", name="Ask the council").click()
    for sentence in ("Say which child you ask about.", "Choose the reason.", "Say what you will do with it."):
        expect(page.get_by_role("link", name=sentence)).to_be_visible()
    sound(page)
    page.get_by_label("Which child?").fill("A made-up boy of about 14, of 1 Made-up Road")
    page.get_by_label("Address").check()
    page.get_by_label("To look into a worry about the safety and wellbeing of a child").check()
    page.get_by_label("What will you do with it?").fill("Plan his care when he leaves the ward.")
    page.get_by_role("button", name="Ask the council").click()
    expect(page.get_by_role("table")).to_contain_text("Your request is being looked at.")
    sound(page)
    enter(page, "social-worker", "safeguarding")
    page.goto("/shares/asked/")
    sound(page)
    page.get_by_role("link", name="Request ").first.click()
    expect(page.get_by_text("Plan his care when he leaves the ward.")).to_be_visible()
    sound(page)
    picture(page, "asked-outside", height=1000)
    page.get_by_label("Why?").fill("Nobody fits (made up).")
    page.get_by_role("button", name="Share nothing").click()
    enter(page, "partner")
    page.goto("/requests/")
    expect(page.get_by_role("table")).to_contain_text("This does not say whether we know the child.")
    sound(page)
    picture(page, "partner-requests", height=700)


def number(statement: str) -> int:
    with database.connect("owner") as owner:
        row = owner.execute(statement).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.proves("N091")
def test_an_emergency_is_written_down_before_it_is_told_and_looked_at_by_somebody_else(page: Page) -> None:
    enter(page, "social-worker", "safeguarding")
    child = number("select min(person_id) from people.membership join people.birth using (subject_id) where guard = 0")
    page.goto(f"/children/{child}/")
    page.get_by_role("link", name="Tell somebody in an emergency").click()
    expect(page.get_by_label("Number of the record")).to_have_value(str(child))
    page.get_by_role("button", name="Next: see what may be told").click()
    expect(page.get_by_role("link", name="Say what harm the child must be kept from")).to_be_visible()
    expect(page.get_by_role("link", name="Say how it is told, such as phone.")).to_be_visible()
    sound(page)
    page.goto(f"/shares/emergency/?person={child}")
    page.get_by_label("What harm must the child be kept from?").fill("The child did not come home (made up).")
    page.get_by_label("The police").check()
    page.get_by_label("Which one?").fill("Made-up station")
    page.get_by_label("Whom do you speak to?").fill("PC 1 (made up)")
    page.get_by_label("Phone", exact=True).check()
    page.get_by_role("group", name="Is the address protected?").get_by_label("Yes").check()
    for field in ("Name", "Address", "Date of birth"):
        page.get_by_role("checkbox", name=field).check()
    picture(page, "emergency", height=2000)
    page.get_by_role("button", name="Next: see what may be told").click()
    answer = page.get_by_role("table", name="What may be told")
    expect(answer.get_by_text("May be told", exact=True)).to_have_count(2)
    expect(answer.get_by_text("Not by the gate")).to_have_count(1)  # it is protected
    sound(page)
    page.get_by_label("Why it must be told").fill("They search the home first (made up).")
    page.get_by_label("A second person who stands by it").fill("Pat Second (made up)")
    picture(page, "emergency-answer", height=1000)
    page.get_by_role("button", name="Write it down and tell").click()
    expect(page.get_by_role("heading", name="You may tell it now")).to_be_visible()
    expect(page.get_by_text("Told by override")).to_be_visible()
    assert "emergency.tell" in {event.kind for event in ledger.newest(limit=5)}
    expect(page.get_by_text("Was it right to tell this?")).to_have_count(0)
    sound(page)
    picture(page, "emergency-told", height=1300)
    told = page.url
    enter(page, "ig-officer", "information-governance")
    page.goto("/shares/emergencies/")
    page.get_by_role("link", name="Emergency ").first.click()
    assert page.url == told
    page.get_by_label("On what does your judgement rest?").fill("The search could not wait (made up).")
    sound(page)
    picture(page, "emergency-review", height=1400)
    page.get_by_role("button", name="It was right").click()
    expect(page.get_by_text("Right: The search could not wait (made up).")).to_be_visible()


def test_a_decision_not_to_share_is_kept_and_whether_a_child_is_known_is_not_said(page: Page) -> None:
    enter(page, "social-worker", "safeguarding")
    page.goto("/shares/not-shared/")
    page.get_by_role("button", name="Keep the decision").click()
    expect(page.get_by_role("link", name="Say which body asked, and of what kind it is.")).to_be_visible()
    page.get_by_label("What kind of body asked?").select_option("charity")
    page.get_by_label("Which one?").fill("Made-up charity")
    page.get_by_label("What was asked for?").fill("address")
    page.get_by_label("Why was it not told?").fill("It does not need to know where they live (made up).")
    page.get_by_role("button", name="Keep the decision").click()
    expect(page.get_by_role("table")).to_contain_text("It does not need to know where they live (made up).")
    sound(page)
    picture(page, "not-shared", height=700)
    page.goto("/shares/known/")
    page.get_by_label("What kind of body asks?").select_option("charity")
    page.get_by_label("Which one?").fill("Made-up charity")
    page.get_by_label("Why must it know?").fill("It asks (made up).")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("heading", name="We do not say")).to_be_visible()
    sound(page)


def school_may_go(page: Page) -> int:
    """For how many young people the youth-support list may say the school, as the answer says while one types."""
    page.goto("/shares/propose/")
    page.get_by_label("Youth service (made up): Youth support list").check()
    page.get_by_label("To give a child or family the right service").check()
    page.get_by_role("checkbox", name="School", exact=True).check()
    page.get_by_label("What will the recipient do with it?").fill("Call on those who left school in the summer.")
    row = page.get_by_role("table", name="Decisions by field").get_by_role("row").filter(has_text="Allowed")
    return int(row.get_by_role("cell").nth(1).inner_text())


@pytest.mark.proves("N042")
def test_a_yes_counts_at_once_and_so_does_its_withdrawal_and_a_voluntary_item_is_taken_out(page: Page) -> None:
    child = number(
        "select min(m.person_id) from system.share_decision d join people.membership m using (subject_id)"
        " where d.share_id = 1 and d.field = 'school' and d.rule = 'R13.parent' and d.guard = 0"
    )
    enter(page, "youth-officer", "youth-support")
    before = school_may_go(page)
    page.goto(f"/children/{child}/")
    page.get_by_role("link", name="What was chosen for this child").click()
    page.get_by_role("button", name="Record the choice").click()
    for sentence in ("Tick what it is about.", "Say whether it is a yes or a no.", "Say who chose."):
        expect(page.get_by_role("link", name=sentence)).to_be_visible()
    sound(page)
    page.goto(f"/children/{child}/choices/")
    page.get_by_label("School", exact=True).check()
    page.get_by_label("Yes, to what is ticked").check()
    page.get_by_label("A parent or guardian").check()
    page.get_by_label("Name of the parent or guardian").fill("Pat Madeup")
    page.get_by_label("Birth certificate").check()
    page.get_by_label("On paper").check()
    picture(page, "record-a-choice", height=1900)
    page.get_by_role("button", name="Record the choice").click()
    table = page.get_by_role("table", name="Every choice, the newest first")
    expect(table).to_contain_text("youth-extra-1")  # the version of the wording that was seen
    expect(table).to_contain_text("Counts")
    sound(page)
    picture(page, "choices", height=1000)
    assert school_may_go(page) == before + 1
    page.goto(f"/children/{child}/choices/")
    page.get_by_role("button", name="Withdraw the yes").click()
    expect(page.get_by_role("alert")).to_contain_text("It counts no more from today.")
    assert school_may_go(page) == before
    enter(page, "data-officer", "record-matching")
    page.goto(f"/children/{child}/")
    items = page.get_by_role("link", name="Voluntary items").get_attribute("href") or ""
    choose(page, "data-intake")  # its page offers this change of purpose too
    page.goto(items)
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_role("link", name="Choose an item.")).to_be_visible()
    page.get_by_label("Ethnicity (ethnicity)").check()
    sound(page)
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_role("table", name="Not given, or taken back")).to_contain_text("Ethnicity")
    picture(page, "voluntary", height=1300)
