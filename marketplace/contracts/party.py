"""What the national form asks about each party (domain.md §4.2): kind, flags, scale, industry, address and contact."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.core.classifications import Industry


class Side(models.TextChoices):
    BUYER = "buyer", _("buyer")
    SELLER = "seller", _("seller of the technology")


class PartyKind(models.TextChoices):
    """性质 of a party, by the codes of the national form."""

    STATE_ORGAN = "010", _("state organ")
    RESEARCH = "021", _("public institution: research")
    UNIVERSITY = "022", _("public institution: university")
    HOSPITAL = "023", _("public institution: health")
    INSTITUTION = "024", _("public institution: other")
    ASSOCIATION = "030", _("association")
    STATE_OWNED = "110", _("state-owned enterprise")
    COLLECTIVE = "120", _("collective enterprise")
    COOPERATIVE = "130", _("joint-stock cooperative")
    ALLIED = "140", _("joint operation")
    LIMITED = "150", _("limited liability company")
    STOCK = "160", _("company limited by shares")
    PRIVATE = "170", _("private enterprise")
    OTHER_DOMESTIC = "180", _("other domestic enterprise")
    OVERSEAS_CHINESE = "200", _("enterprise of Hong Kong, Macao or Taiwan investors")
    FOREIGN = "300", _("enterprise of foreign investors")
    SELF_EMPLOYED = "400", _("self-employed")


ENTERPRISES = [kind.value for kind in PartyKind if kind.value[0] in "123"]


class Scale(models.TextChoices):
    LARGE = "large", _("large enterprise")
    MEDIUM = "medium", _("medium-sized enterprise")
    SMALL = "small", _("small enterprise")
    MICRO = "micro", _("micro enterprise")
    NONE = "none", _("no standard")


class PartyData(models.Model):
    """One side of a contract as the national form describes it; read by the parties and the register only."""

    contract = models.ForeignKey(TechnologyContract, on_delete=models.CASCADE, related_name="party_data")
    side = models.CharField(max_length=6, choices=Side.choices, editable=False)
    kind = models.CharField(_("kind of party"), max_length=3, choices=PartyKind.choices)
    country = models.CharField(
        _("country code"),
        max_length=3,
        default="156",
        validators=[RegexValidator(r"^[0-9]{3}$", _("A country code has three digits, 156 for China."))],
    )
    is_transfer_org = models.BooleanField(_("technology transfer organisation"), default=False)
    is_rd_org = models.BooleanField(_("research and development organisation"), default=False)
    is_converted = models.BooleanField(_("institute converted into an enterprise"), default=False)
    in_hitech_zone = models.BooleanField(_("enterprise in a national high-tech zone"), default=False)
    is_listed = models.BooleanField(_("listed company"), default=False)
    scale = models.CharField(_("scale"), max_length=6, choices=Scale.choices, blank=True)
    industry = models.ForeignKey(
        Industry, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("industry")
    )
    address = models.CharField(_("address"), max_length=200)
    representative = models.CharField(_("legal representative"), max_length=60)
    contact = models.CharField(_("contact person"), max_length=60)
    phone = models.CharField(_("phone of the contact"), max_length=30)
    postcode = models.CharField(
        _("postcode"), max_length=6, validators=[RegexValidator(r"^[0-9]{6}$", _("A postcode has six digits."))]
    )

    class Meta:
        verbose_name = _("data of a party")
        verbose_name_plural = _("data of parties")
        constraints = [models.UniqueConstraint(fields=["contract", "side"], name="partydata_once_per_side")]

    def __str__(self) -> str:
        return str(self.get_side_display())

    @property
    def is_enterprise(self) -> bool:
        """Tell whether the fields that are asked of enterprises only apply."""
        return self.kind in ENTERPRISES
