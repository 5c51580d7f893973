"""A need on its real way to the public, and what came of what was published."""

from datetime import timedelta

from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.needs.actions import draft_need, submit_need
from marketplace.needs.models import TargetIndicator, TechnologyNeed
from marketplace.reviews.actions import approve_review
from marketplace.reviews.drafts import save_draft
from tasks.models import Delivery
from tests.marketplace.outcomes import making


def publish_need(house, **facts):
    """Bring a need to the public by its real way: drafted, checked by a liaison, decided by an officer."""
    enterprise = making.organisation(kind="enterprise", name="样例锁具")
    publisher = making.person(of=enterprise, roles=["publisher"])
    need = draft_need(organisation=enterprise, by=publisher, title="智能锁静态功耗降低")
    need.problem = "智能锁待机电流偏高，指静脉识别模组耗电，四节 5 号电池不足六个月，需要低功耗的识别模组。"
    need.field, need.industry = TechnicalField.objects.get(code="0308"), Industry.objects.get(code="C3351")
    need.mode, need.is_negotiable, need.deadline = "commissioned", True, clock.today() + timedelta(days=200)
    need.indicators = [TargetIndicator(name="待机电流", comparison="le", value="20", unit="µA")]
    for name, value in facts.items():
        setattr(need, name, value)
    save_draft(need, by=publisher)
    need = TechnologyNeed.objects.get(pk=need.pk)
    submit_need(need, by=publisher)
    for reviewer in (making.person("liaison"), house.officer):
        approve_review(TechnologyNeed.objects.get(pk=need.pk).pending_review, by=reviewer)
    return TechnologyNeed.objects.get(pk=need.pk), publisher


def found(client, text):
    return client.get("/outcomes/", {"q": text}).context["total"]


def undone():
    return list(Delivery.objects.filter(done_at=None).values_list("consequence", "error"))
