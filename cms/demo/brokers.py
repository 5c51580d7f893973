"""The register of brokers: schemes, twelve certificates, one expired, one suspended; applications and hours."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cms.demo.houses import World, days_ago
from cms.demo.tables import rows
from marketplace.brokers.actions import file_broker, suspend_broker
from marketplace.brokers.applications.actions import apply_for_filing
from marketplace.brokers.applications.deciding import check_application, return_application
from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.keeping import keep_broker_rule, keep_broker_scheme
from marketplace.brokers.schemes import BrokerScheme
from marketplace.brokers.training.actions import confirm_training, enter_training
from marketplace.core import clock
from marketplace.core.classifications import TechnicalField

ISSUER = "样例省技术经纪人考试中心"
SCHEMES = {"junior": "初级技术经纪人（样例）", "medium": "中级技术经纪人（样例）", "senior": "高级技术经纪人（样例）"}
IN_ENGLISH = {level: f"{level.capitalize()} technology broker (sample)" for level in SCHEMES}
SOURCE = {"source": "样例区技术经纪人管理办法（样例）", "source_en": "Sample measures of the sample district"}
RULES = (
    {"kind": "objection", "days": 5, "note": "线索经当事方确认后，其他经纪人五个工作日内可以提出异议。"},
    {"kind": "publicity", "days": 5, "note": "奖励名单公示五个工作日。"},
    {
        "kind": "reward",
        "basis": "technical",
        "percent": "1.50",
        "cap_project": 5_000_000,
        "cap_year": 20_000_000,
        "note": "按技术交易额的百分之一点五奖励，单个项目不超过五万元，每人每年不超过二十万元。",
    },
)


def make_brokers(world: World) -> None:
    """Enter schemes and rules, file the certificates when they were issued; suspend the one that is suspended."""
    officer, today = world.people["officer"], timezone.localdate()
    schemes = _keep_rules(world)
    for number, row in enumerate(rows("brokers"), start=1):
        # the one who is evaluated was filed long before the year that is over ended
        filed = int(row["since"]) - 5 if row["user"] == "broker" else min(int(row["since"]) - 5, 400)
        with clock.moved_to(days_ago(filed - number)):
            broker = file_broker(
                by=officer,
                fields=TechnicalField.objects.filter(code__in=row["fields"].split()),
                name=row["name"],
                certificate_no=f"YL-JJR-{number:06d}",
                issuer=ISSUER,
                level=row["level"],
                scheme=schemes[row["level"]],
                filing_number=f"YLBA-{number:04d}",
                valid_from=today - timedelta(days=int(row["since"])),
                valid_until=today - timedelta(days=int(row["until"])),
                firm=world.houses[row["firm"]] if row["firm"] else None,
                user=world.people[row["user"]] if row["user"] else None,
                introduction=row["introduction"],
            )
        world.brokers[row["name"]] = broker
        if row["standing"] == "suspended":
            with clock.moved_to(days_ago(20)):
                suspend_broker(broker, by=officer, reason="未按期报送年度服务记录，补报后恢复。")
    _apply(world, schemes)
    _train(world)


def _keep_rules(world: World) -> dict[str, BrokerScheme]:
    officer, begun = world.people["officer"], date(2024, 1, 1)
    schemes = {}
    for level, name in SCHEMES.items():
        schemes[level] = BrokerScheme(
            name=name,
            name_en=IN_ENGLISH[level],
            level=level,
            issuer=ISSUER,
            holds_from=begun,
            months_valid=36,
            hours_per_year=24,
            **SOURCE,
        )
        keep_broker_scheme(scheme=schemes[level], by=officer)
    for rule in RULES:
        keep_broker_rule(rule=BrokerRule(holds_from=begun, **SOURCE, **rule), by=officer)
    return schemes


def paper(name: str) -> SimpleUploadedFile:
    """Return a scan of nothing, with the name of what it would be."""
    return SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "application/pdf")


def _apply(world: World, schemes: dict[str, BrokerScheme]) -> None:
    """Three who apply: one to be checked, one to be filed, one to complete what is missing."""
    officer = world.people["officer"]
    _application(world, "bidder2", schemes["junior"], at=2, fields="0302")
    with clock.moved_to(days_ago(1)):
        check_application(_application(world, "bidder", schemes["medium"], at=4, fields="0304"), by=officer)
        missing = "扫描件看不清证书编号，请重新上传；并补交所在单位同意兼职的证明。"
        return_application(
            _application(world, "publisher", schemes["medium"], at=6, fields="0501"), by=officer, reason=missing
        )


def _application(world: World, who: str, scheme: BrokerScheme, *, at: int, fields: str) -> BrokerApplication:
    person, today = world.people[who], timezone.localdate()
    with clock.moved_to(days_ago(at)):
        return apply_for_filing(
            by=person,
            fields=TechnicalField.objects.filter(code__in=fields.split()),
            proof=[paper("证书扫描件")],
            name=person.name,
            scheme=scheme,
            certificate_no=f"YL-JJR-1{person.pk:05d}",
            valid_from=today - timedelta(days=60),
            valid_until=today + timedelta(days=1035),
            firm=None,
            introduction="",
        )


def _train(world: World) -> None:
    """Two courses of 林晓岚: one counts, one waits."""
    broker, person = world.brokers["林晓岚"], world.people["broker"]
    for at, course, hours in ((95, "技术合同认定登记实务", 12), (9, "科技成果评价方法", 8)):
        with clock.moved_to(days_ago(at - 2)):
            record = enter_training(
                broker,
                by=person,
                held_on=timezone.localdate() - timedelta(days=at),
                hours=hours,
                course=course,
                provider="样例省技术经纪人协会",
                proof=[paper("结业证明")],
            )
            if at > 30:
                confirm_training(record, by=world.people["officer"])
