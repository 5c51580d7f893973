"""先用后转: the pool of outcomes marked 先 and trials in every state, each step by its own action."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.contracts import PAPER, complete_contract
from cms.demo.houses import World, days_ago
from cms.demo.tables import rows
from marketplace.auctions.ladder import WAN
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core import clock
from marketplace.core.regions import present_code
from marketplace.organisations.models import User
from marketplace.trials import actions, converting, ending, insuring, noting, running
from marketplace.trials.models import Trial

EVALUATED = "试用达到主要指标，节拍与良率数据见附件。"


class Course:
    """One trial of the table and the clock of its steps: `day` counts from its request."""

    def __init__(self, row: dict[str, str], world: World) -> None:
        self.row, self.world, self.begun = row, world, int(row["from"])
        self.outcome, self.tries = world.outcomes[row["outcome"]], world.houses[row["enterprise"]]
        self.outcome.refresh_from_db()
        self.owner = self.outcome.owner
        self.trial: Trial
        with self.day(0):
            self.trial = actions.request_trial(
                self.outcome,
                purpose=row["purpose"],
                region=present_code(self.tries.region),
                place=row["place"],
                quantity=int(row["quantity"]),
                scale=row["scale"],
                criteria=row["criteria"].split(";"),
                **self.enterprise,
            )

    @property
    def institute(self) -> dict[str, Any]:
        return {"by": self.world.agent_of(self.owner), "organisation": self.owner}

    @property
    def enterprise(self) -> dict[str, Any]:
        return {"by": self.world.agent(self.row["enterprise"]), "organisation": self.tries}

    @property
    def officer(self) -> User:
        return self.world.people["officer"]

    def day(self, number: int, hour: int = 10) -> Any:
        """Move the clock to a day of the trial."""
        return clock.moved_to(days_ago(self.begun - number, hour))


def make_trials(world: World) -> None:
    """Ask for the trials of the table, the earliest first, and lead each as far as it says."""
    for row in sorted(rows("trials"), key=lambda row: -int(row["from"])):
        _lead(Course(row, world))


def _lead(course: Course) -> None:
    """Take the steps on the way to where the row says."""
    for step in COURSES[course.row["upto"]]:
        step(course)


def _refuse(course: Course) -> None:
    with course.day(2):
        actions.refuse_trial(course.trial, reason="远程接入由境外团队维护，与保密条款不符。", **course.institute)


def _withdraw(course: Course) -> None:
    with course.day(1):
        actions.withdraw_trial(course.trial, **course.enterprise)


def _approve(course: Course) -> None:
    with course.day(2):
        actions.approve_trial(course.trial, **course.institute)


def _lapse(course: Course) -> None:
    with course.day(33):
        ending.expire_trial(course.trial)


def _call_off(course: Course) -> None:
    with course.day(5):
        ending.call_off_trial(course.trial, reason="采暖改造推迟到明年，暂不试用。", **course.enterprise)


def _sign_enterprise(course: Course) -> None:
    with course.day(3):
        actions.sign_trial_contract(course.trial, **course.enterprise)


def _sign_institute(course: Course) -> None:
    with course.day(4):
        actions.sign_trial_contract(course.trial, **course.institute)


def _insure(course: Course) -> None:
    with course.day(5):
        first = clock.today()
        insuring.insure_trial(
            course.trial,
            insurer="样例财产保险温州分公司",
            policy_number=f"YB-SYX-{course.row['outcome']}-{course.begun:03d}",
            premium=600_000,
            subsidy=300_000,
            insured_sum=50 * WAN,
            begins_on=first,
            ends_on=first + timedelta(days=365),
            **course.enterprise,
        )


def _start(course: Course) -> None:
    with course.day(6):
        actions.start_trial(course.trial, starts_on=clock.today(), **course.institute)
        due = clock.today() + timedelta(days=14)
        step = noting.add_milestone(course.trial, title="安装调试完成", due_on=due, **course.enterprise)
        later = due + timedelta(days=40)
        noting.add_milestone(course.trial, title="完成一个批次的试用", due_on=later, **course.enterprise)
    with course.day(18):
        text = "现场安装与参数调试"
        noting.note_support(course.trial, given_on=clock.today(), hours=Decimal("6.5"), text=text, **course.institute)
        evidence = [SimpleUploadedFile("安装验收单（样例）.pdf", PAPER, content_type="application/pdf")]
        note = "已安装，双方签字。"
        noting.reach_milestone(course.trial, step, note=note, evidence=evidence, **course.enterprise)


def _evaluate(course: Course) -> None:
    with course.day(70):
        verdicts = {one.position: ("met", "实测达标") for one in course.trial.criteria.all()}
        running.evaluate_trial(course.trial, verdicts=verdicts, text=EVALUATED, **course.enterprise)


def _convert(course: Course) -> None:
    with course.day(72):
        converting.convert_trial(course.trial, **course.enterprise)


def _propose(course: Course) -> None:
    with course.day(74):
        converting.propose_trial_price(course.trial, amount=90 * WAN, **course.institute)


def _agree(course: Course) -> None:
    with course.day(110):
        converting.propose_trial_price(course.trial, amount=68 * WAN, **course.enterprise)
    with course.day(115):
        converting.accept_trial_price(course.trial, amount=68 * WAN, **course.institute)


def _draft(course: Course) -> None:
    with course.day(76):
        draft_contract_from_deal(_deal(course), **course.institute)


def _deal(course: Course) -> Any:
    course.trial.refresh_from_db()
    return course.trial.deal


def _register(course: Course) -> None:
    """Complete, send in and register the paid contract; the trial follows."""
    contract = _deal(course).contracts.get()
    complete_contract(contract, course.world, at=course.begun - 80, registered=course.begun - 88, serial=8)


def _stop(course: Course) -> None:
    with course.day(80):
        ending.stop_trial(course.trial, reason="误判率仍高于约定，暂不转化。", **course.enterprise)


def _return(course: Course) -> None:
    with course.day(84):
        ending.confirm_return(course.trial, **course.enterprise)
    with course.day(86):
        ending.confirm_return(course.trial, **course.institute)


def _extend(course: Course) -> None:
    with course.day(80):
        extension = running.ask_extension(course.trial, days=60, reason="夏季工况未覆盖。", **course.enterprise)
    with course.day(82):
        running.answer_extension(course.trial, extension, is_granted=True, **course.institute)


def _dispute(course: Course) -> None:
    with course.day(50):
        text = "发现母粒被用于约定以外的产品，要求停止并说明。"
        ending.report_breach(course.trial, text=text, **course.institute)


def _expire(course: Course) -> None:
    with course.day(128):
        ending.expire_trial(course.trial)


Step = Callable[[Course], None]
SIGNED: tuple[Step, ...] = (_approve, _sign_enterprise, _sign_institute)
EVALUATION: tuple[Step, ...] = (*SIGNED, _start, _evaluate)
COURSES: dict[str, tuple[Step, ...]] = {
    "requested": (),
    "refused": (_refuse,),
    "withdrawn": (_withdraw,),
    "approved": (_approve, _sign_enterprise),
    "lapsed": (_approve, _lapse),
    "signed": SIGNED,
    "called_off": (*SIGNED, _call_off),
    "insured": (*SIGNED, _insure),
    "running": (*SIGNED, _insure, _start),
    "extended": (*SIGNED, _insure, _start, _extend),
    "evaluation": EVALUATION,
    "converting": (*EVALUATION, _convert, _propose),
    "publicity": (*EVALUATION, _convert, _propose, _agree),
    "paid": (*EVALUATION, _convert, _draft),
    "registered": (*SIGNED, _insure, _start, _evaluate, _convert, _draft, _register),
    "stop": (*EVALUATION, _stop),
    "closed": (*EVALUATION, _stop, _return),
    "expired": (*SIGNED, _start, _expire),
    "dispute": (*SIGNED, _start, _dispute),
}
