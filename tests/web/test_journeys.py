"""Each role in a real browser, over a made-up borough: signs in, chooses a purpose, opens every page of its menu, and
does its work. Tab reaches all controls, axe finds no fault, and the browser's console stays empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fairhold import access, ledger
from fairhold.access import accounts
from fairhold.engine import database
from fairhold.sharing import asked_outside
from tests.web.browser import chromium, faults, picture, served, unreachable

ROLES = [role.slug for role in access.ROLES]
SEEN: set[str] = set()  # pages that are the same for everybody are looked at once
FOR_ALL = {"/proof/", "/dictionary/"}


@pytest.fixture(scope="module")
def browser(borough: Path) -> Iterator[Browser]:
    # The borough comes first: its day sends a file, which a browser's running loop would not let it.
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(borough: Path) -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert not said, "the browser complained"


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


def test_the_first_page_is_sound_for_somebody_not_signed_in(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_title("Sign in – Fairhold")
    sound(page)
    picture(page, "sign-in")
    page.goto("/about/")
    sound(page)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_signs_in_and_finds_every_page_of_its_purposes_sound(page: Page, role: str) -> None:
    enter(page, role)
    purposes = access.role(role).purposes()
    if len(purposes) > 1:
        expect(page).to_have_title("What are you working on? – Fairhold")
        sound(page)
    here: set[str] = set()
    for purpose in purposes:
        if len(purposes) > 1:
            choose(page, purpose.slug)
        expect(page).to_have_title("What needs doing today – Fairhold")
        menu = page.get_by_role("navigation", name="Menu").get_by_role("link")
        for found in [link.get_attribute("href") or "/" for link in menu.all()]:
            if found not in SEEN | here:
                page.goto(found)
                expect(page.get_by_role("heading", level=1)).to_be_visible()
                sound(page)
            (SEEN if found in FOR_ALL else here).add(found)


def test_a_data_officer_sees_what_is_late_and_what_came(page: Page) -> None:
    enter(page, "data-officer", "data-intake")
    picture(page, "home")
    page.get_by_role("link", name="Feeds").first.click()
    expect(page.get_by_role("table")).to_contain_text("In time")
    picture(page, "feeds")
    page.get_by_role("link", name="Deliveries").first.click()
    page.get_by_role("link", name="1 delivery", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delivery 1")
    sound(page)


def test_a_file_taken_in_a_second_time_adds_nothing(page: Page, borough: Path) -> None:
    enter(page, "data-officer", "data-intake")
    file = min((borough / "in" / "schools").rglob("*.xml"))
    page.goto("/deliveries/take-in/")
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_role("table")).to_contain_text("Known already")
    sound(page)


def test_a_data_officer_judges_a_pair_of_records(page: Page) -> None:
    enter(page, "data-officer", "record-matching")
    page.goto("/identity/review/")
    before = page.get_by_role("button", name="Two children").count()
    assert before
    picture(page, "matches")
    page.get_by_role("button", name="Two children").first.click()
    expect(page.get_by_role("alert")).to_contain_text("stay two children")
    expect(page.get_by_role("button", name="Two children")).to_have_count(before - 1)


def test_a_social_worker_finds_a_child_and_goes_back_in_time(page: Page) -> None:
    enter(page, "social-worker", "children-in-need")
    page.goto("/children/")
    page.get_by_label("Find a child").fill("ma")
    page.get_by_role("button", name="Search").click()
    assert "ma" not in page.url.rpartition("/children/")[2], "what is searched for never stands in an address"
    sound(page)
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("img", name="What held when")).to_be_visible()
    sound(page)
    page.get_by_label("Show the record as at").fill("1/9/2026")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("As at 1 September 2026")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_label("Find a child")).to_have_value("ma")


def test_a_social_worker_sees_why_records_of_a_child_in_care_are_joined(page: Page) -> None:
    with database.connect("owner") as owner:
        person = owner.execute(
            "select min(person_id) from people.membership join social_care.episode using (subject_id) where guard = 0"
        ).fetchone()
    enter(page, "social-worker", "children-in-need")
    page.goto(f"/children/{person[0] if person else 0}/")
    expect(page.get_by_role("table", name="Why these records are joined")).to_contain_text("Agree:")
    picture(page, "child", height=1100)


def test_an_analyst_checks_a_return_and_takes_the_findings_away(page: Page) -> None:
    enter(page, "analyst", "statutory-returns")
    page.goto("/findings/")
    page.get_by_label("SSDA903").check()
    page.get_by_label("Collection year").fill("2027")
    page.get_by_label("Authority").fill("E09000031")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("year to 31 March 2027")
    sound(page)
    page.reload()
    picture(page, "findings")
    page.get_by_role("link", name="Why, and how to put it right").first.click()
    expect(page.get_by_text("Put it right:")).to_be_visible()
    sound(page)
    page.go_back()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take away as Excel").click()
    assert taken.value.suggested_filename.startswith("findings-")
    assert taken.value.suggested_filename.endswith("-official-sensitive.xlsx")


def test_an_analyst_sees_what_is_owed_gives_and_explains_faults_and_compares_years(page: Page) -> None:
    enter(page, "analyst", "statutory-returns")
    page.goto("/collections/")
    expect(page.get_by_role("rowheader").first).to_contain_text("Children")
    picture(page, "collections")
    page.goto("/findings/1/")
    page.get_by_role("link", name="Give or explain faults").click()
    sound(page)
    picture(page, "faults", height=1300)
    code = page.get_by_role("link", name="Rule ").first.inner_text().split()[1]
    page.get_by_label("To", exact=True).fill("social-worker")
    page.get_by_label("A word to them").fill("Please look at these with the team.")
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_text("given.")).to_be_visible()
    page.goto(f"/findings/1/faults/?rule={code}")
    sound(page)
    page.get_by_label("In words").fill("The values were checked with the team and are right.")
    page.get_by_role("button", name="Explain", exact=True).click()
    expect(page.get_by_text("explained.")).to_be_visible()
    page.goto("/findings/explanations/ssda903/")
    expect(page.get_by_role("cell", name="The values were checked with the team and are right.")).to_be_visible()
    sound(page)
    page.goto("/findings/trend/ssda903/2027/")
    sound(page)
    picture(page, "trend")
    page.goto("/findings/compare/ssda903/")
    page.locator("input[name=before][value=year-2026]").check()
    page.locator("input[name=after][value=year-2027]").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("table", name="How the one becomes the other")).to_be_visible()
    sound(page)
    picture(page, "compare", height=2000)


@pytest.mark.proves("N001")
def test_two_analysts_sign_a_return_freeze_it_and_make_it_again(page: Page) -> None:
    enter(page, "analyst", "statutory-returns")
    page.goto("/returns/")
    sound(page)
    page.locator("input[name=name][value=ssda903]").check()
    page.get_by_label("Collection year").fill("2027")
    page.get_by_label("Authority").fill("E09000031")
    page.get_by_role("button", name="Build", exact=True).click()
    sound(page)
    build = page.url
    page.get_by_role("link", name="Compare with the delivered files").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Every difference has its reason.")).to_be_visible()
    sound(page)
    picture(page, "differences")
    page.goto(build)
    run = str(page.get_by_role("link", name="Findings of this build").get_attribute("href"))
    page.goto(f"{run}faults/")
    for code in {link.inner_text().split()[1] for link in page.get_by_role("link", name="Rule ").all()}:
        page.goto(f"{run}faults/?rule={code}")
        page.get_by_label("In words").fill("It is as recorded; seen with the team (made up).")
        page.get_by_role("button", name="Explain", exact=True).click()
        expect(page.get_by_text("explained.")).to_be_visible()
    _sign(page, build)
    expect(page.get_by_text("The other signature is somebody else's.")).to_be_visible()
    leave(page)
    enter(page, "analyst", "statutory-returns", other=True)
    _sign(page, build)
    picture(page, "build")
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_text("these bytes were signed by two people")).to_be_visible()
    sound(page)
    with page.expect_download() as file:
        page.get_by_role("button", name="Take the file out").click()
    assert file.value.suggested_filename == "ssda903-2027.zip"
    page.get_by_label("Reference").fill("COL-1 (made up)")
    page.get_by_label("Day", exact=True).fill("2026-11-23")
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("button", name="Make it again").click()
    expect(page.get_by_text("the same").first).to_be_visible()
    sound(page)
    picture(page, "submission", height=1300)


def _sign(page: Page, build: str) -> None:
    page.goto(build)
    page.get_by_label("On what does your signature rest?").fill("Read and compared (made up).")
    page.get_by_role("button", name="Sign", exact=True).click()


def leave(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()


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


def test_an_officer_sees_what_is_due_and_verifies_the_ledger(page: Page) -> None:
    enter(page, "ig-officer", "retention")
    page.goto("/disposal/")
    picture(page, "disposal")
    page.get_by_role("link", name="Holds: what stops disposal").click()
    sound(page)
    choose(page, "audit")
    page.goto("/ledger/")
    page.get_by_role("button", name="Verify the ledger").click()
    expect(page.get_by_role("status")).to_contain_text("The ledger is whole")
    sound(page)
    picture(page, "ledger")
    page.goto("/proof/")
    picture(page, "proof")


def test_leadership_sees_totals_with_small_figures_withheld(page: Page) -> None:
    enter(page, "leadership")
    page.goto("/totals/")
    expect(page.get_by_text("withheld").first).to_be_visible()
    picture(page, "totals")


def test_leadership_follows_a_measure_from_the_list_to_its_definition(page: Page) -> None:
    enter(page, "leadership")
    page.goto("/measures/")
    sound(page)
    page.get_by_role("link", name="Referrals", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Referrals")
    expect(page.get_by_role("heading", name="Definition")).to_be_visible()
    expect(page.get_by_role("link", name="Take away as CSV")).to_be_visible()
    page.wait_for_load_state("networkidle")
    picture(page, "measure", height=1500)
    page.get_by_role("link", name="2025/26").click()
    expect(page.get_by_role("heading", name="Groups in the year to 31 March 2026")).to_be_visible()
    page.get_by_text("The query that runs").click()
    sound(page)


def test_a_page_that_is_not_open_offers_the_purpose_that_opens_it(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    enter(page, "ig-officer", "retention")
    page.goto("/ledger/")
    sound(page)
    page.get_by_role("button", name="Check that the promises hold").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ledger")
    page.goto("/nowhere/")
    sound(page)
    context.close()


def test_the_pages_work_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    enter(page, "ig-officer")
    page.get_by_label("Check that the promises hold").check()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("link", name="Ledger").first.click()
    page.get_by_role("button", name="Verify the ledger").click()
    expect(page.get_by_role("status")).to_contain_text("events are in place, unchanged and in order")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in – Fairhold")
    context.close()


NARROW = {
    ("administrator", "administration"): ("/accounts/", "/sources/", "/proof/"),
    ("social-worker", "safeguarding"): (
        *("/shares/propose/", "/shares/emergency/", "/shares/emergencies/", "/shares/not-shared/", "/shares/known/"),
        *("/shares/log/", "/shares/asked/"),
    ),
}


@pytest.mark.parametrize("who", NARROW)
def test_pages_hold_together_on_a_narrow_screen(browser: Browser, address: str, who: tuple[str, str]) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 320, "height": 640})
    page = context.new_page()
    enter(page, *who)
    for found in NARROW[who]:
        page.goto(found)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, found
    context.close()


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
