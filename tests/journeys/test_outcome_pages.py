"""Outcomes, needs, imports, matches, lists in a browser: no barrier in light and dark, none wider than a telephone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.needs.actions import draft_need
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.imports.actions import check_import, upload_sheet
from marketplace.reviews.actions import return_review
from search.indexing import rebuild_index
from tests.accessibility import CONTRAST, barriers
from tests.factories.people import member
from tests.journeys.test_desk import enter
from tests.marketplace.matching import factories as matching
from tests.marketplace.outcomes import making

SHEET = (
    "成果名称,公开简介,技术领域,成熟度,转化方式,价格（万元）,专利号\n"
    "阀门密封,唇形密封可用,新材料及其应用,TRL 7,普通许可,80–160,ZL201410424697.5\n"
    "锁体切削,切削工艺,新材料,10 级,普通许可,50–25,ZL201410424697.4\n"
)


@pytest.fixture
def trade(transactional_db, tmp_path, settings):
    """An institute with an outcome in every place, an import to correct; an enterprise with needs and a match."""
    settings.SEARCH_DIR = tmp_path / "search"
    making.set_up()
    institute = making.Institute()
    public, returned, waiting = institute.published(), institute.submitted(title="退回的成果"), institute.submitted()
    return_review(returned.pending_review, by=institute.manager, comment="请补充", remarks={"summary": "写明条件"})
    upload = SimpleUploadedFile("成果.csv", SHEET.encode("gb18030"))
    batch = upload_sheet(institute.organisation, by=institute.publisher, upload=upload)
    check_import(batch)
    enterprise = matching.enterprise()
    author = member(enterprise, MemberRole.PUBLISHER)
    need = matching.need(of=enterprise, is_anonymous=True)
    draft = draft_need(organisation=enterprise, by=author, title="一项草稿")
    match = matching.proposed(need=need, outcome=public)
    for kind in ("outcome", "need"):
        rebuild_index(kind)
    lists, of = reverse("outcome-list"), reverse
    return {
        None: [
            f"{lists}?q=指静脉", f"{lists}?q=没有这样的成果", of("need-list"), public.get_absolute_url(),
            need.get_absolute_url(),
        ],
        institute.publisher: [
            of("outcome-mine"), of("outcome-edit", args=[returned.number]) + "?check=1", waiting.review_url,
            of("import-new"), batch.get_absolute_url(), of("import-row", args=[batch.code, 3]), of("match-list"),
            match.get_absolute_url(),
        ],
        author: [of("need-mine"), of("need-edit", args=[draft.code]), of("need-matches", args=[need.code])],
    }  # fmt: skip


LOOKS = {"light": (), "dark": CONTRAST}  # only the colours are others in the dark


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_no_barrier_in_light_and_dark_and_nothing_too_wide(visitor, trade):
    found = []
    for user, addresses in trade.items():
        page = visitor()
        page.emulate_media(reduced_motion="reduce")  # colours at rest, not half-way
        if user:
            enter(page, user)
        for address in addresses:
            answer = page.goto(address)
            found += [(address, "answers", answer.status)] if answer.status != 200 else []
            for scheme, rules in LOOKS.items():
                page.emulate_media(color_scheme=scheme)
                found += [(address, scheme, *fault) for fault in barriers(page, rules)]
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 390, "height": 844})
            width = page.evaluate("document.documentElement.scrollWidth")
            found += [(address, "wide", width)] if width > 390 else []
            page.set_viewport_size({"width": 1280, "height": 900})

    assert found == []
