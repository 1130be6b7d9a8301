"""Every address. One line per page; the pages themselves stand in the folder of their room."""

from __future__ import annotations

from django.urls import path

from fairhold.web import (
    about,
    accounts,
    children,
    deliveries,
    dictionary,
    disposal,
    feeds,
    findings,
    home,
    ledger,
    links,
    proof,
    shares,
    signin,
    sources,
    totals,
)

urlpatterns = [
    path("", home.today, name="home"),
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-in/made-up/", signin.as_made_up, name="sign-in-made-up"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("purpose/", signin.purpose, name="purpose"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/take-in/", deliveries.upload, name="upload"),
    path("deliveries/set-aside/", deliveries.set_aside, name="set-aside"),
    path("deliveries/<int:number>/", deliveries.delivery, name="delivery"),
    path("sources/", sources.sources, name="sources"),
    path("sources/add/", sources.add, name="sources-add"),
    path("children/", children.search, name="children"),
    path("children/<int:person>/", children.child, name="child"),
    path("identity/review/", links.review, name="links"),
    path("identity/links/<int:number>/undo/", links.undo, name="undo-link"),
    path("findings/", findings.checks, name="findings-all"),
    path("findings/<int:number>/", findings.findings, name="findings"),
    path("findings/rules/<slug:name>/<str:code>/", findings.rule, name="rule"),
    path("findings/<int:number>.xlsx", findings.workbook, name="findings-workbook"),
    path("shares/", shares.shares, name="shares"),
    path("shares/propose/", shares.propose, name="propose-share"),
    path("shares/recipients/", shares.recipients, name="recipients"),
    path("shares/<int:number>/", shares.share, name="share"),
    path("children/<int:person>/shares/", shares.of_child, name="child-shares"),
    path("disposal/", disposal.dry_run, name="disposal"),
    path("disposal/holds/", disposal.holds, name="holds"),
    path("totals/", totals.totals, name="totals"),
    path("totals/<slug:view>.svg", totals.picture, name="totals-picture"),
    path("ledger/", ledger.events, name="ledger"),
    path("accounts/", accounts.people, name="accounts"),
    path("accounts/add/", accounts.add, name="accounts-add"),
    path("proof/", proof.obligations, name="proof"),
    path("dictionary/", dictionary.tables, name="dictionary"),
    path("dictionary/<str:name>/", dictionary.table, name="dictionary-table"),
    path("about/", about.about, name="about"),
]

handler404 = "fairhold.web.errors.not_found"
handler400 = "fairhold.web.errors.bad_request"
handler500 = "fairhold.web.errors.anything"
