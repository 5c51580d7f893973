"""The register of brokers: twelve, one expired, one suspended."""

from datetime import timedelta

from django.utils import timezone

from cms.demo.houses import World, days_ago
from cms.demo.tables import rows
from marketplace.brokers.actions import file_broker, suspend_broker
from marketplace.core import clock
from marketplace.core.classifications import TechnicalField


def make_brokers(world: World) -> None:
    """File the certificates when they were issued; suspend the one that is suspended."""
    officer, today = world.people["officer"], timezone.localdate()
    for number, row in enumerate(rows("brokers"), start=1):
        filed = min(int(row["since"]) - 5, 400)
        with clock.moved_to(days_ago(filed - number)):
            broker = file_broker(
                by=officer,
                fields=TechnicalField.objects.filter(code__in=row["fields"].split()),
                name=row["name"],
                certificate_no=f"YL-JJR-{number:06d}",
                issuer="样例省技术经纪人考试中心",
                level=row["level"],
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
