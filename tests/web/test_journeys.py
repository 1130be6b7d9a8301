"""Each role in a real browser, over a made-up borough: signs in, chooses a purpose, opens every page of its menu, and
does its work. Tab reaches all controls, axe finds no fault, and the browser's console stays empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fairhold import access
from fairhold.engine import database
from tests.web.browser import choose, enter, leave, picture, sound

ROLES = [role.slug for role in access.ROLES]
SEEN: set[str] = set()  # pages that are the same for everybody are looked at once
FOR_ALL = {"/proof/", "/dictionary/"}


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
