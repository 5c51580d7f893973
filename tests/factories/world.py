"""A small market in the middle of its day, made by the real actions: everybody and one of everything."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from marketplace.auctions.actions import hand_in_authority, place_bid, record_stray_payment
from marketplace.auctions.authorising import PowerOfAttorney
from marketplace.auctions.corrections import recorder_of
from marketplace.auctions.ladder import WAN
from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.deals.dated import DealRule
from marketplace.deals.opening import open_deal_from_match, show_interest
from marketplace.deals.pricing import choose_pricing, propose_price
from marketplace.deals.talking import add_note
from marketplace.matching.inviting import invite_broker
from marketplace.needs.actions import draft_need, submit_need
from marketplace.needs.models import TargetIndicator, TechnologyNeed
from marketplace.organisations.invitation_links import token_of as invitation_token
from marketplace.organisations.inviting import invite_members
from marketplace.organisations.joining import request_membership
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import set_up_groups
from marketplace.organisations.tokens import make_token
from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.co_ownership import CoOwnership
from marketplace.outcomes.imports import actions as imports
from marketplace.outcomes.papers import attach_outcome_file
from marketplace.publicity.actions import begin_publicity, make_objection
from marketplace.publicity.letters import enter_objection
from marketplace.reviews.actions import approve_review
from marketplace.reviews.drafts import save_draft
from search.keeping import keep_synonym
from search.listing import Asked
from search.models import StopPhrase, Synonym
from search.saved.actions import save_search
from search.saved.links import token_of
from tests.factories import people
from tests.factories.world_brokers import broker_addresses, register_affairs
from tests.factories.world_contracts import make_contracts, money_addresses
from tests.marketplace.auctions import making as auctions
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.deals.factories import broker, engage, rules
from tests.marketplace.matching import factories as matching
from tests.marketplace.outcomes import making as outcomes
from tests.marketplace.outcomes.owning import held_with
from tests.marketplace.trials import factories as trials
from tests.standing_site import ensure_site

SHEET = (
    "成果名称,公开简介,技术领域,成熟度,转化方式\n阀门密封,唇形密封零下一百九十六度可用,新材料及其应用,10 级,普通许可\n"
)
STAFF = {role.value: role for role in Role}


def make_world() -> SimpleNamespace:
    """Return the people by role (`people`) and the records by name."""
    outcomes.set_up()
    set_up_groups()
    home = ensure_site()
    world = SimpleNamespace(home=home, people={"visitor": None, "stranger": people.person()})
    _parties(world)
    _offers(world)
    _deals(world)
    _trials(world)
    _sale(world)
    make_contracts(world)
    _searches(world)
    _applicants(world)
    register_affairs(world)
    world.synonym = Synonym(phrase="3D打印", alternatives="增材制造")
    keep_synonym(world.synonym, by=world.people["officer"])
    world.stop_phrase = StopPhrase.objects.create(phrase="实时监控", texts=31, fields=8, learnt_at=timezone.now())
    return world


def _parties(world: SimpleNamespace) -> None:
    """An institute, an enterprise, a broker, and one person for each post of the platform."""
    house = outcomes.Institute(name="样例研究院甲")
    world.house, world.institute = house, house.organisation
    world.enterprise_manager = people.person()
    world.enterprise = people.organisation(manager=world.enterprise_manager, name="样例企业甲", region="330304")
    world.agent = people.member(world.enterprise, MemberRole.BIDDER)
    world.broker = broker()
    world.people |= {
        "institute manager": house.manager,
        "publisher": house.publisher,
        "enterprise manager": world.enterprise_manager,
        "bidder": world.agent,
        "broker": world.broker.user,
    }
    for name, role in STAFF.items():
        world.people[name] = people.staff(role)
    world.people["superuser"] = people.person(is_superuser=True, is_staff=True)


def _offers(world: SimpleNamespace) -> None:
    """Outcomes and needs: public, in review, and a list being imported."""
    house = world.house
    world.outcome = house.published()
    world.draft = house.draft(title="超声波清洗装置")
    world.file = attach_outcome_file(
        world.draft, by=house.publisher, upload=contracts.scan("检测报告.pdf"), purpose="evidence"
    )
    world.in_review = house.submitted(title="低温阀门密封")
    world.co_ownership = _co_owned(world)
    need = draft_need(organisation=world.enterprise, by=world.enterprise_manager, title="智能锁静态功耗降低")
    world.need = complete_need(need, by=world.enterprise_manager)
    for reviewer in ("liaison", "officer"):
        approve_review(world.need.pending_review, by=world.people[reviewer])
        world.need = TechnologyNeed.objects.get(pk=need.pk)
    upload = SimpleUploadedFile("成果.csv", SHEET.encode("gb18030"))
    world.batch = imports.upload_sheet(house.organisation, by=house.publisher, upload=upload)
    imports.check_import(world.batch)


def _co_owned(world: SimpleNamespace) -> CoOwnership:
    """What the institute is asked as co-owner of an outcome of another one."""
    other = outcomes.Institute(name="样例研究院乙")
    draft = other.draft(title="共有专利：微波干燥装置")
    outcome = held_with(draft, world.institute, on_file=True, by=other.publisher)
    submit_outcome(outcome, by=other.publisher, declared=True)
    return CoOwnership.objects.get(outcome=outcome)


def complete_need(need: TechnologyNeed, *, by: User) -> TechnologyNeed:
    """Write what a review asks for, and send it in."""
    need.problem = "锁具待机电流约 60 微安，四节干电池只能用六个月，用户频繁换电池，售后成本高。" * 2
    need.field, need.industry = TechnicalField.objects.get(code="0308"), Industry.objects.get(code="C3351")
    need.mode, need.budget_low, need.budget_high = "commissioned", 50 * WAN, 80 * WAN
    need.deadline = clock.today() + timedelta(days=200)
    need.indicators = [TargetIndicator(name="待机电流", comparison="le", value="20", unit="µA")]
    save_draft(need, by=by)
    need = TechnologyNeed.objects.get(pk=need.pk)
    submit_need(need, by=by)
    return TechnologyNeed.objects.get(pk=need.pk)


def _deals(world: SimpleNamespace) -> None:
    """A match both sides accepted with its deal and broker, and an interest that waits."""
    institute, enterprise = world.house.manager, world.enterprise_manager
    world.match = matching.proposed(need=world.need, outcome=world.outcome)
    for by, party in ((institute, world.institute), (enterprise, world.enterprise)):
        matching.accept_match(world.match, by=by, organisation=party)
    world.deal = open_deal_from_match(world.match, by=institute, organisation=world.institute)
    engage(world.deal, world.broker, by=institute, organisation=world.institute)
    add_note(world.deal, text="首次会谈", by=enterprise, organisation=world.enterprise)
    choose_pricing(world.deal, mode="agreed", by=institute, organisation=world.institute)
    rules()
    world.deal_rule = DealRule.objects.get(kind="term")
    world.proposal = propose_price(world.deal, amount=80 * WAN, by=institute, organisation=world.institute)
    world.invitation = invite_broker(
        world.broker, world.need, by=enterprise, organisation=world.enterprise, message="请协助寻找低功耗方案。"
    )
    world.offered = world.house.published(title="高频感应加热电源")
    world.interest = show_interest(
        world.offered, by=enterprise, organisation=world.enterprise, message="想用于锁体加热"
    )


def _trials(world: SimpleNamespace) -> None:
    """An outcome in the pool, and a trial under way whose contract both confirmed."""
    institute = {"by": world.house.manager, "organisation": world.institute}
    enterprise = {"by": world.enterprise_manager, "organisation": world.enterprise}
    world.pooled = trials.pooling.enter_pool(world.offered, **institute, **trials.TERMS)
    world.trial = trials.actions.request_trial(world.offered, **enterprise, **trials.REQUEST)
    trials.actions.approve_trial(world.trial, **institute)
    for party in (institute, enterprise):
        trials.actions.sign_trial_contract(world.trial, **party)
    trials.actions.start_trial(world.trial, starts_on=clock.today(), **institute)


def _sale(world: SimpleNamespace) -> None:
    """A lot under way with one bid."""
    world.lot = auctions.announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    world.session = world.lot.session
    world.registration = auctions.bidder(world.lot)
    world.deposit = world.registration.deposit
    world.publicity = begin_publicity(world.lot, matter="sale_result", working_days=5, by=None)
    world.document = auctions.as_if_added(world.lot, by=world.people["organiser"])
    by = world.enterprise_manager
    world.objection = make_objection(world.publicity, by=by, organisation=None, ground="price", text="价格偏低")
    world.letter = enter_objection(
        world.publicity,
        by=world.people["officer"],
        received_on=clock.today(),
        ground="price",
        text="价格低于同类成果。",
        signed_by="周样例",
        reply_contact="0577-8888 0000",
        letter=[contracts.scan("来信.pdf")],
    )
    world.holder = auctions.as_if_listed(world.lot, world.enterprise, rank=1, by=world.people["organiser"])
    first = world.registration
    world.authority = hand_in_authority(
        first,
        by=first.agent,
        organisation=first.organisation,
        agent=people.member(first.organisation, MemberRole.BIDDER),
        power=PowerOfAttorney(clock.today(), clock.today(), contracts.scan("授权委托书.pdf")),
    )
    place_bid(world.lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="first")
    world.people["bidder"] = first.agent
    world.people["finance"] = recorder_of(world.deposit)
    world.stray = record_stray_payment(
        by=world.people["finance"],
        amount=1_000_000,
        payer="样例付款人",
        bank_reference="STRAY-1",
        received_at=clock.now(),
        note="未写附言",
    )
    world.token, _text = make_token(by=first.agent, organisation=first.organisation, name="出价程序", days=30)


def _searches(world: SimpleNamespace) -> None:
    """A search the institute's manager saved."""
    asked = Asked(text="锁体", chosen={}, sort="", page=1)
    world.saved = save_search(by=world.house.manager, kind="outcome", asked=asked, name="锁体", rhythm="daily")


def _applicants(world: SimpleNamespace) -> None:
    """An organisation that waits for the officer, a person who waits for the manager, one who is invited."""
    world.pending = people.organisation(manager=people.person(), state="pending", kind="enterprise")
    world.applicant = request_membership(world.institute, by=people.person())
    world.colleague = people.join(people.person(), world.institute)
    stranger = people.confirmed(world.people["stranger"])
    invite_members(world.institute, by=world.house.manager, emails=[stranger.email], roles=["publisher"])
    world.invited = world.institute.member_invitations.get()


def addresses_of(world: SimpleNamespace) -> dict[str, dict[str, str]]:
    """Return {name of an address: its arguments}, each with a record of the world."""
    outcome, draft, need = {"number": world.outcome.number}, {"number": world.draft.number}, {"code": world.need.code}
    batch, lot = {"code": world.batch.code}, {"number": world.lot.number}
    session, registration = {"number": world.session.number}, {"code": world.registration.code}
    row = batch | {"line": world.batch.rows.all()[0].line}
    member = {"code": world.institute.code, "member": world.applicant.code}
    several = {
        "sitemap-{} section": {"section": "outcomes"},
        "co-ownership-{} detail answer letter": {"code": world.co_ownership.code},
        "outcome-{} detail similar matches match-add brokers": outcome,
        "outcome-{} preview edit autosave hints file-add delete": draft,
        "need-{} detail edit alike autosave solve close delete matches match-add brokers offer": need,
        "import-{} detail progress columns annotated take-over take-back": batch,
        "broker-{} detail card change renew suspend reinstate revoke": {"code": world.broker.code},
        "match-{} detail accept decline withdraw correct reconsider take-back pass-on pin unpin": {
            "code": world.match.code
        },
        "invitation-{} detail accept decline withdraw": {"code": world.invitation.code},
        "interest-{} detail move accept decline withdraw": {"code": world.interest.code},
        "deal-{} detail move terms readings nda pricing price reopen reopen-withdraw broker": {"code": world.deal.code},
        "deal-{} broker-consent broker-release engagement note file": {"code": world.deal.code},
        "deal-{} terminate take-up finish": {"code": world.deal.code},
        "broker-{} rate": {"code": world.deal.code},
        "trial-{} detail contract contract-pdf convert accept": {"code": world.trial.code},
        "pool-{} detail terms": {"code": world.pooled.code},
        "contract-{} detail change attach submit accept return register refuse": {"code": world.contract.code},
        "contract-{} parties first-review discard": {"code": world.contract.code},
        "contract-{} notice correct-number request-change cancel revoke object": {"code": world.registered.code},
        "contract-{} pass-on": {"code": world.reviewed.code},
        "contract-{} grant-change refuse-change withdraw-change": {"code": world.changing.code},
        "contract-{} re-examine": {"code": world.disputed.code},
        "organisation-{} detail edit resubmit journal members request": {"code": world.institute.code},
        "member-{} answer roles": member,
        "staff-{} detail": {"person": world.people["liaison"].username},
        "staff-{} act": {"person": world.people["liaison"].username, "verb": "unlock"},
        "member-invitation{} -accept -decline": {"token": invitation_token(world.invited)},
        "member-invitation-{} resend withdraw": {"code": world.institute.code, "invitation": world.invited.code},
        "member-{} invite": {"code": world.institute.code},
        "member-{} leave": member | {"member": world.colleague.code},
        "lot-{} manage priority room detail apply next-path events state record verify hall console": lot,
        "lot-{} console-health": lot,
        "api-{} bid bid-withdraw lot-state": lot,
        "session-{} manage detail announcement amend postpone reannounce report rehearse events state": session,
        "announcement-{} pdf file": session,
        "rehearsal-{} wipe join": session,
        "registration-{} detail review appeal withdraw authorise": registration,
        "saved-{} open change edit remove restore": {"code": world.saved.code},
        "saved-{} unsubscribe subscribe-again": {"token": token_of(world.saved)},
    } | money_addresses(world)
    made = {row.split()[0].format(name): given for row, given in several.items() for name in row.split()[1:]}
    return (
        made
        | broker_addresses(world)
        | {
            "interest-new": outcome,
            "member-invitation": {"token": invitation_token(world.invited)},
            "need-offer-outcome": need | {"number": world.offered.number},
            "trial-new": {"number": world.offered.number},
            "pool-enter": {"number": world.outcome.number},
            "trial-act": {"code": world.trial.code, "verb": "stop"},
            "pool-act": {"code": world.pooled.code, "verb": "pause"},
            "outcome-beside": {"key": world.draft.number, "other": world.outcome.number},
            "need-beside": {"key": world.need.code, "other": world.need.code},
            "outcome-file-remove": draft | {"code": world.file.code},
            "outcome-act": outcome | {"verb": "withdraw"},
            "need-act": need | {"verb": "recall"},
            "review-page": {"noun": "outcome", "key": world.in_review.number},
            "review-offline": {"noun": "outcome", "key": world.outcome.number},
            "import-row": row,
            "import-row-act": row | {"act": "skip"},
            "import-suggestion": row | {"key": "trl"},
            "deal-from-match": {"code": world.match.code},
            "deal-price-accept": {"code": world.deal.code, "proposal": world.proposal.code},
            "contract-correct-item": {"code": world.contract.code, "position": 1},
            "contract-from-deal": {"code": world.deal.code},
            "organisation-decide": {"code": world.pending.code},
            "notice-open": {"code": world.house.manager.notices.all()[0].code},
            "board-targets": {"year": clock.today().year},
            "board-stage": {"slug": "registered"},
            "board-records": {"slug": "contract-total"},
            "registration-move": registration | {"verb": "reject"},
            "deposit-detail": {"code": world.deposit.code},
            "deposit-correct": {"code": world.deposit.code},
            "stray-detail": {"code": world.stray.code},
            "stray-settle": {"code": world.stray.code, "verb": "return"},
            "deposit-take-back": {"code": world.deposit.code},
            "place-bid": lot,
            "sealed-bid-withdraw": lot,
            "api-problem": {"code": "too_low"},
            "api-registration": {"code": world.registered.code},
            "token-revoke": {"code": world.token.code},
            "report-pdf": session,
            "report-table": session | {"form": "csv"},
            "sale-confirmation": lot,
            "confirmation-pdf": lot,
            "minutes-pdf": lot,
            "room-manage": lot,
            "room-accept": lot,
            "room-log": lot,
            "room-log-table": lot | {"form": "csv"},
            "room-file": lot | {"code": world.document.code},
            "room-withdraw": lot | {"code": world.document.code},
            "lot-add": session,
            "session-rewrite": session,
            "lot-rewrite": lot,
            "lot-move": lot | {"verb": "suspend"},
            "negotiation-answer": lot | {"verb": "decline"},
            "publicity-detail": {"code": world.publicity.code},
            "objection-enter": {"code": world.publicity.code},
            "publicity-extend": {"code": world.publicity.code},
            "objection-answer": {"code": world.objection.code},
            "objection-reply": {"code": world.objection.code},
            "objection-withdraw": {"code": world.objection.code},
            "objection-take-back": {"code": world.letter.code},
            "priority-move": {"code": world.holder.code, "verb": "strike"},
            "authority-move": {"code": world.authority.code, "verb": "accept"},
            "lot-milestone": lot,
            "lot-payment": lot | {"verb": "received"},
            "lot-conduct": lot | {"verb": "suspend"},
            "session-move": session | {"verb": "cancel"},
            "file-download": {"code": world.contract.signed_file.code},
            "verify-code": {"code": world.broker.code},
            "account_confirm_email": {"key": "no-such-key"},
            "account_reset_password_from_key": {"uidb36": "1", "key": "no-such-key"},
        }
    )
