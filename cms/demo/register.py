"""Papers of the register: a returned sheet that waits to be taken over, and registration lists of both sizes."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.houses import World, days_ago
from marketplace.contracts.lists.actions import make_registration_list
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbers.actions import upload_numbers
from marketplace.core import clock
from marketplace.core.money import in_yuan

State = TechnologyContract.State


def make_register(world: World) -> None:
    """Let the registrar upload what came back, without taking it over: that is what the visitor tries."""
    with clock.moved_to(days_ago(1, 10)):
        upload_numbers(by=world.people["registrar"], upload=_returned())
    _list(world, is_large=False, purpose="办理增值税免税（样例）", at=2)
    _list(world, is_large=True, purpose="办理企业所得税优惠（样例）", at=1)


def _list(world: World, *, is_large: bool, purpose: str, at: int) -> None:
    """One of other contracts is issued at once; one of large ones waits for the second reviewer."""
    registrar = world.people["registrar"]
    found = TechnologyContract.objects.registered().of_size(is_large=is_large).not_own(registrar)
    with clock.moved_to(days_ago(at, 15)):
        make_registration_list(by=registrar, contracts=list(found), purpose=purpose)


def _returned() -> SimpleUploadedFile:
    """Return a sheet with a matched row, one registered already, one with another amount, one unknown."""
    waiting = TechnologyContract.objects.filter(state=State.SUBMITTED).earliest("pk")
    standing = TechnologyContract.objects.filter(state=State.REGISTERED).order_by("pk")
    known, differing = standing[0], standing[1]
    never = f"{clock.today().year}330304{999_901:06d}"  # a serial no district reaches
    rows = [
        (never, waiting.code, waiting.project_name, *_amounts(waiting)),
        (known.number, known.code, known.project_name, *_amounts(known)),
        (differing.number, differing.code, differing.project_name, in_yuan(differing.total_amount + 100), ""),
        (f"{never[:-1]}2", "", "平台外登记的合同（样例）", 300000, 300000),
    ]
    buffer = io.StringIO()
    csv.writer(buffer).writerows(
        [("合同登记编号", "平台编码", "项目名称", "合同成交总额（元）", "技术交易额（元）"), *rows]
    )
    return SimpleUploadedFile("登记编号回传（样例）.csv", buffer.getvalue().encode(), content_type="text/csv")


def _amounts(contract: TechnologyContract) -> tuple[object, object]:
    return in_yuan(contract.total_amount), in_yuan(contract.technical_amount)
