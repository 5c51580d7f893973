"""A register of so many contracts with what hangs on them, and so many journal entries: copies of one small world.

Everything belongs to one institute, one enterprise and one broker: whose lists are long is whom they must not cost
more. Days lie over four years; what is under way began in the last weeks.
"""

from types import SimpleNamespace

from django.db import connection

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Receipt
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.core.files import File
from marketplace.core.journal import Entry
from marketplace.deals.models import Deal
from tests.bench.lists.copying import code, copy, made, series

YEARS = 1460  # days
# States by turn, of twenty. Among the first ten are more than a desk shows of each kind
OF_DEALS = ["done", *["negotiation"] * 5, "contract", "contract", "pricing", "performance", "performance", "pricing"]
OF_DEALS += ["registration", "registration", *["done"] * 4, "terminated", "terminated"]
OF_CONTRACTS = [*["registered"] * 8, "submitted", "accepted", "returned_for_supplement", "draft", "not_registered"]
OF_CONTRACTS += ["cancelled", "changed", *["registered"] * 5]
NUMBERED = " AND p.number IS NOT NULL"
KINDS_OF_CONTRACTS = [
    "contract.changed",
    "contract.submitted",
    "contract.accepted",
    "contract.returned",
    "contract.registered",
]
KINDS_OF_DEALS = ["deal.noted", "deal.met", "deal.nda_accepted", "deal.terms_written", "deal.opened"]


def grow(world: SimpleNamespace, last: int, entries: int, *, first: int = 1) -> None:
    """Add the deals and contracts numbered `first` to `last`, what hangs on each, and so many journal entries.

    Numbered anew from `first`, so that what is there may be added to.
    """
    _deals(world, first, last)
    _contracts(world, first, last)
    _parts(world, first)
    _money(world, first)
    _papers(world, first, last)
    _entries(world, first, each=entries // (2 * (last - first + 1)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _one_of(values: list[str]) -> str:
    said = ", ".join(f"'{value}'" for value in values)
    return f"(ARRAY[{said}])[g % {len(values)} + 1]"


def _ago(days: str) -> str:
    return f"now() - make_interval(days => ({days})::int)"


def _deals(world: SimpleNamespace, first: int, last: int) -> None:
    state = _one_of(OF_DEALS)
    priced, ended = f"{state} NOT IN ('negotiation', 'pricing')", f"{state} IN ('done', 'terminated')"
    copy(
        world.deal,
        series(first, last),
        code=code("D", "g"),
        match_id="NULL",
        interest_id="NULL",
        lot_number="'BENCH-' || g",
        state=state,
        moved_at=_ago("g % 400"),
        pricing_mode=f"CASE WHEN {state} = 'negotiation' THEN '' ELSE 'agreed' END",
        price=f"CASE WHEN {priced} THEN 100000000 + g END",
        price_fixed_at=f"CASE WHEN {priced} THEN now() END",
        opened_at=_ago(f"g::bigint * {YEARS} / {last}"),
        termination_reason=f"CASE WHEN {state} = 'terminated' THEN '样例' ELSE '' END",
        ended_at=f"CASE WHEN {ended} THEN now() END",
        broker_id="CASE WHEN g % 2 = 0 THEN t.broker_id END",
        broker_side="CASE WHEN g % 2 = 0 THEN t.broker_side ELSE '' END",
        broker_accepted_at="CASE WHEN g % 2 = 0 THEN t.broker_accepted_at END",
    )
    deals = made(Deal, "D", first)
    copy(world.proposal, deals, code=code("P", "p.id"), deal_id="p.id", fate="'standing'")
    for accepted in world.deal.nda_acceptances.all():
        copy(accepted, deals, deal_id="p.id")
    copy(
        world.interest,
        series(first, last),
        code=code("I", "g"),
        state="'declined'",
        answered_at=_ago("g % 300"),
        answer_reason="'样例'",
        shown_at=_ago("g % 300 + 3"),
    )


def _contracts(world: SimpleNamespace, first: int, last: int) -> None:
    state = _one_of(OF_CONTRACTS)
    numbered = f"{state} IN ('registered', 'changed', 'cancelled')"
    days, numbers = f"g::bigint * {YEARS} / {last}", series(first, last)
    copy(world.registered.signed_file, numbers, code=code("F", "g"), subject_id="0")
    copy(
        world.registered,
        numbers,
        code=code("C", "g"),
        deal_id=f'(SELECT id FROM "{Deal._meta.db_table}" AS d WHERE d.code = {code("D", "g")})',
        signed_file_id=f'(SELECT id FROM "{File._meta.db_table}" AS f WHERE f.code = {code("F", "g")})',
        buyer_id=str(world.enterprise.pk),
        broker_id=f"CASE WHEN g % 2 = 0 THEN {world.broker.pk} END",
        outcome_id=f"CASE WHEN g % 3 = 0 THEN {world.outcome.pk} END",
        contract_type="(ARRAY['KF', 'ZR'])[g % 2 + 1]",
        sub_type="(ARRAY['KF-commissioned', 'ZR-patent'])[g % 2 + 1]",
        total_amount="t.total_amount + g",
        state=state,
        submitted_at=_ago(f"CASE WHEN {numbered} THEN {days} + 10 ELSE g % 20 END"),
        complete_on=f"current_date - (CASE WHEN {numbered} THEN {days} + 10 ELSE g % 20 END)::int",
        number=f"CASE WHEN {numbered} THEN '9' || lpad(g::text, 15, '0') END",
        registered_at=f"CASE WHEN {numbered} THEN {_ago(days)} END",
        registered_on=f"CASE WHEN {numbered} THEN current_date - ({days})::int END",
    )


def _parts(world: SimpleNamespace, first: int) -> None:
    """What every contract has, and what the register wrote down about each."""
    contracts = made(TechnologyContract, "C", first)
    for item in world.registered.items.all():
        copy(item, contracts, contract_id="p.id")
    decided, counted = world.registered.decisions.first(), world.registered.register_rows.first()
    copy(decided, contracts + NUMBERED, contract_id="p.id", decided_at="p.registered_at")
    sums = {"total": "p.total_amount", "sold_here": "p.total_amount", "bought_here": "p.total_amount"}
    copy(counted, contracts + NUMBERED, contract_id="p.id", counted_on="p.registered_on", **sums)


def _money(world: SimpleNamespace, first: int) -> None:
    """A plan in effect, a payment received and shared out with its lines, and a late one, for each with a number."""
    line, shared = world.line, world.distribution
    plan, receipt = shared.plan, shared.receipt
    contracts = made(TechnologyContract, "C", first) + NUMBERED
    own = {"contract_id": "p.id", "code": "'Q' || substr(p.code, 2)"}
    copy(plan, contracts, **own, effective_on="p.registered_on")
    copy(receipt, contracts, **own, received_on="p.registered_on", entered_at="p.registered_at", instalment_id="NULL")
    late = {"due_on": "p.registered_on + 1", "invoice_number": "''", "invoiced_on": "NULL"}
    copy(world.instalment, contracts, **own, amount="1", **late)
    plans = made(DistributionPlan, "Q", first)
    for letter, share in zip("ST", plan.shares.order_by("position"), strict=True):
        user = str(world.house.publisher.pk) if letter == "S" else "NULL"
        copy(share, plans, plan_id="p.id", code=code(letter, "p.id"), user_id=user)
    received = f'"{Receipt._meta.db_table}" AS r, {plans} AND r.contract_id = p.contract_id'
    made_at = {"made_at": "r.entered_at", "code": "'V' || substr(p.code, 2)"}
    copy(shared, received, receipt_id="r.id", plan_id="p.id", **made_at)
    lines = f'"{PlanShare._meta.db_table}" AS s, {made(Distribution, "V", first)} AND s.plan_id = p.plan_id'
    paid = {"state": "'paid'", "paid_on": "current_date", "reference": "'样例'", "paid_by_id": "p.made_by_id"}
    copy(line, lines, distribution_id="p.id", share_id="s.id", code=code("W", "s.id"), **paid)


def _papers(world: SimpleNamespace, first: int, last: int) -> None:
    """A registration list and a returned sheet for every ten contracts."""
    numbers = series(first, first + (last - first) // 10)
    copy(world.register_list, numbers, code=code("L", "g"), number="'BENCH-' || g")
    facts = {"taken_over_by_id": "t.uploaded_by_id", "taken_over_at": "now()", "state": "'taken_over'"}
    copy(world.numbers, numbers, code=code("N", "g"), **facts)


def _entries(world: SimpleNamespace, first: int, *, each: int) -> None:
    """So many entries about every contract and every deal; one in four in the institute's name."""
    for subject, letter, kinds in ((world.registered, "C", KINDS_OF_CONTRACTS), (world.deal, "D", KINDS_OF_DEALS)):
        copy(
            Entry.objects.about(subject).first(),
            f"{series(1, each)}, {made(type(subject), letter, first)}",
            kind=_one_of(kinds),
            subject_id="p.id",
            data="'{}'",
            on_behalf_of_id=f"CASE WHEN g % 4 = 0 THEN {world.institute.pk} END",
            recorded_at=f"now() - make_interval(hours => ((p.id * {each} + g) % 35000)::int)",
        )
