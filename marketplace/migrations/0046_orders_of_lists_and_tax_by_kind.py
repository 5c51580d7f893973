"""Indexes for the orders in which long lists are read; tax notes about kinds of contracts, not types alone."""

from datetime import date

from django.db import migrations, models
from django.db.models import F, Q

from marketplace.core.migrating import AtOnce

TAX = "财政部、国家税务总局关于全面推开营业税改征增值税试点的通知（财税〔2016〕36 号）附件 3"
TAX_EN = "Notice of the Ministry of Finance and the State Taxation Administration, Caishui [2016] No. 36, Annex 3"
INCOME = "中华人民共和国企业所得税法实施条例第九十条"
RESEARCH = "研究开发费用税前加计扣除政策（委托研发）"
SHANGHAI = "上海市技术合同税收政策说明（转载）"
SHANGHAI_EN = "Note of Shanghai on the taxation of technology contracts (reprint)"
OF_RIGHTS = "ZR-patent ZR-other XK-exclusive XK-sole XK-ordinary"
# which shipped row is about fewer kinds than it said (domain.md §4.2): (source, said, says)
NARROWER = [(INCOME, "ZR XK", OF_RIGHTS), (RESEARCH, "KF", "KF-commissioned")]
NOTES = [
    {
        "concerns": "ZR-application ZR-secret XK-secret", "holds_from": date(2008, 1, 1),
        "source": SHANGHAI, "source_en": SHANGHAI_EN,
        "note": "专利申请权和技术秘密的转让、许可所得，不享受技术转让所得的企业所得税减免。",
        "note_en": "Income from patent applications and technical secrets has no part in the relief from enterprise income tax for technology transfer.",
    },
    {
        "concerns": "ZX FW", "holds_from": date(2016, 5, 1), "source": TAX, "source_en": TAX_EN,
        "note": "单独订立的技术咨询、技术服务合同不免征增值税；与技术转让、技术开发相关并开在同一张发票上的，随之免征。",
        "note_en": "Consulting and services by themselves are not free of VAT; those that belong to a transfer or development and stand on the same invoice are, with it.",
    },
]  # fmt: skip

CONCERNS = models.CharField(
    choices=[
        ("any", "every contract"),
        ("KF ZR XK", "development, assignment and licence"),
        ("ZR XK", "assignment and licence"),
        (OF_RIGHTS, "assignment and licence of patents and other rights"),
        ("ZR-application ZR-secret XK-secret", "patent applications and technical secrets"),
        ("KF", "development"),
        ("KF-commissioned", "commissioned development"),
        ("ZX FW", "consulting and service"),
    ],
    default="any",
    max_length=60,
    verbose_name="concerns",
)


def tell_by_kind(apps, schema_editor):
    """Narrow what was shipped and nobody checked or changed since; rows that staff wrote stay as they are."""
    rules = apps.get_model("marketplace", "RegistrationRule").objects
    for source, said, says in NARROWER:
        rules.filter(kind="tax", source=source, concerns=said, is_checked=False).update(concerns=says)
    for note in NOTES:
        rules.get_or_create(kind="tax", concerns=note["concerns"], source=note["source"], defaults=note)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0045_shares_and_profit_shared_out")]
    operations = [
        AtOnce([
            migrations.AlterField("registrationrule", "concerns", CONCERNS),
            migrations.AddIndex("deal", models.Index(fields=["state", "moved_at", "id"], name="deal_of_a_column")),
            migrations.AddIndex("deal", models.Index(fields=["moved_at", "id"], name="deal_by_its_last_step")),
            migrations.AddIndex("interest", models.Index(fields=["shown_at", "id"], name="interest_newest")),
            migrations.AddIndex(
                "technologycontract", models.Index(fields=["total_amount", "id"], name="contract_largest_total")
            ),
            migrations.AddIndex(
                "technologycontract", models.Index(fields=["technical_amount", "id"], name="contract_largest_technical")
            ),
            migrations.AddIndex(
                "technologycontract",
                models.Index(
                    F("registered_on").desc(nulls_last=True), F("id").desc(), name="contract_last_registered"
                ),
            ),
            migrations.AddIndex(
                "technologycontract", models.Index(fields=["complete_on", "id"], name="contract_longest_waiting")
            ),
            migrations.AddIndex(
                "technologycontract",
                models.Index(fields=["state", "complete_on", "review_days"], name="contract_queue"),
            ),
            migrations.AddIndex(
                "instalment",
                models.Index(condition=Q(dropped_at=None), fields=["due_on", "id"], name="instalment_by_due_day"),
            ),
            migrations.AddIndex(
                "payoutline",
                models.Index(
                    condition=Q(state__in=["payable", "to_reclaim"]), fields=["distribution"], name="payoutline_open"
                ),
            ),
        ]),
        migrations.RunPython(tell_by_kind, migrations.RunPython.noop),
    ]
