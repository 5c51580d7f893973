"""A day by which a returned contract is supplemented, working days for a change, and what observations compare.

A tax note says that the term of a licence counts.
"""

from datetime import date

from django.db import migrations, models
from django.db.models import F, Q

from marketplace.core.migrating import AtOnce
from marketplace.core.plain_names import PlainName

KINDS = [
    ("large", "technical amount of a large contract"),
    ("usual", "working days of a review"),
    ("long", "working days for a large or disputed contract"),
    ("number", "form of the registration number"),
    ("tax", "tax note"),
    ("report", "working days to have the register follow the end of a contract"),
    ("answer", "working days to answer an end declared for a breach"),
    ("supplement", "working days to supplement a returned contract"),
]
CONCERNS = [
    ("any", "every contract"),
    ("KF ZR XK", "development, assignment and licence"),
    ("ZR XK", "assignment and licence"),
    (
        "ZR-patent ZR-other XK-exclusive XK-sole XK-ordinary",
        "assignment and licence of patents and other rights",
    ),
    ("XK-exclusive XK-sole XK-ordinary", "licences of patents"),
    ("ZR-application ZR-secret XK-secret", "patent applications and technical secrets"),
    ("KF", "development"),
    ("KF-commissioned", "commissioned development"),
    ("ZX FW", "consulting and service"),
]
NEEDED = (
    Q(kind="large", amount_wan__isnull=False, amount_wan__gt=0, days=None, pattern="")
    | Q(
        kind__in=["usual", "long", "report", "answer", "supplement"],
        amount_wan=None,
        days__isnull=False,
        days__gt=0,
        pattern="",
    )
    | (Q(kind="number", amount_wan=None, days=None) & ~Q(pattern=""))
    | Q(kind="tax", amount_wan=None, days=None, pattern="")
)


def ship_term(apps, schema_editor):
    """Make the term of a supplement: no text names it, so that it is marked as not checked."""
    apps.get_model("marketplace", "RegistrationRule").objects.create(
        kind="supplement",
        holds_from=date(2000, 2, 16),
        days=15,
        note="退回补正时默认的补正期限（工作日），登记员可逐件更改；逾期由登记员处理，系统不自动作出决定。",
        note_en="Working days proposed for supplementing a returned contract; the registrar may set another day. "
        "After it nothing is decided by itself.",
        source="平台设定（办法规定补正之日为受理起算日，未见补正期限）",
        source_en="Set by the platform (the measures count the review from the supplement, and name no term for it)",
    )


def ship_tax_note(apps, schema_editor):
    """Say of licences that their term counts: for how many years one has to run nobody compared with the text."""
    apps.get_model("marketplace", "RegistrationRule").objects.create(
        kind="tax",
        concerns="XK-exclusive XK-sole XK-ordinary",
        holds_from=date(2008, 1, 1),
        note="专利许可所得能否享受技术转让所得的企业所得税减免，还要看许可方式和许可期限；期限不足规定年限的不能享受，请按合同有效期对照现行文件确认。",
        note_en="Whether income from a patent licence has a part in the relief from enterprise income tax for technology "
        "transfer also depends on the kind of licence and its term: one that runs for too few years has none. Compare "
        "the validity of the contract with the texts in force.",
        source="平台提示（财政、税务部门关于技术转让所得减免的通知对许可期限另有规定）",
        source_en="Hint of the platform (the notices on relief for technology transfer ask for a term of licences)",
    )


def take_away(apps, schema_editor):
    rules = apps.get_model("marketplace", "RegistrationRule").objects
    rules.filter(kind="supplement").delete()
    rules.filter(kind="tax", concerns="XK-exclusive XK-sole XK-ordinary").delete()


def give_large_changes_longer(apps, schema_editor):
    """Give a change of or to a large contract, that waits now, the term of a second review."""
    contract = F("contract__large_from")
    large = Q(technical_before__gte=contract) | Q(technical_after__gte=contract)
    waiting = apps.get_model("marketplace", "ContractChange").objects.filter(state__in=["awaiting", "requested"])
    waiting.filter(large).update(review_days=30)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0092_deals_of_trials")]

    operations = [
        AtOnce(
            [
                migrations.RemoveConstraint(
                    model_name="registrationrule", name="registrationrule_says_what_its_kind_needs"
                ),
                migrations.AlterField(
                    model_name="registrationrule",
                    name="kind",
                    field=models.CharField(choices=KINDS, max_length=10, verbose_name="kind"),
                ),
                migrations.AlterField(
                    model_name="registrationrule",
                    name="concerns",
                    field=models.CharField(choices=CONCERNS, default="any", max_length=60, verbose_name="concerns"),
                ),
                migrations.AddConstraint(
                    model_name="registrationrule",
                    constraint=models.CheckConstraint(
                        condition=NEEDED, name="registrationrule_says_what_its_kind_needs"
                    ),
                ),
                migrations.AddField(
                    model_name="contractchange",
                    name="review_days",
                    field=models.PositiveSmallIntegerField(default=15, editable=False),
                ),
                migrations.AddField(
                    model_name="technologycontract",
                    name="supplement_by",
                    field=models.DateField(editable=False, null=True, verbose_name="to be supplemented by"),
                ),
                migrations.AddConstraint(
                    model_name="technologycontract",
                    constraint=models.CheckConstraint(
                        condition=Q(supplement_by=None) | Q(state="returned_for_supplement"),
                        name="contract_to_be_supplemented_while_returned",
                    ),
                ),
                migrations.AddIndex(
                    model_name="technologycontract",
                    index=models.Index(fields=["buyer_uscc"], name="contract_of_buyer_code"),
                ),
                migrations.AddIndex(
                    model_name="technologycontract",
                    index=models.Index(PlainName("buyer_name"), name="contract_of_buyer_name"),
                ),
            ]
        ),
        migrations.RunPython(ship_term, take_away),
        migrations.RunPython(ship_tax_note, migrations.RunPython.noop),
        migrations.RunPython(give_large_changes_longer, migrations.RunPython.noop),
    ]
