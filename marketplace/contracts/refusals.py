"""Why a contract is not written, sent or registered."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.languages import paragraph
from marketplace.core.money import format_unrounded
from marketplace.core.refusals import Refused


class SellerIsBuyer(Refused):
    message = _("Seller and buyer are the same organisation.")
    field = "buyer_uscc"


class BuyerOfDeal(Refused):
    message = _("The buyer of this contract is that of its deal: %(buyer)s.")
    field = "buyer_uscc"


class SellerOfDeal(Refused):
    message = _("The seller of this contract is that of its deal: %(seller)s.")


class OutcomeOfOther(Refused):
    message = _("The contract is over an outcome of its seller, with a deal over that of the deal. Owner: %(owner)s.")
    field = "outcome"


class OutcomeNotPublished(Refused):
    message = _("A contract names an outcome that was published on this platform.")
    field = "outcome"


class OutcomeIsPromised(Refused):
    message = _(
        "“%(outcome)s” is kept for a deal, a lot or a trial: it is assigned, or licensed to one alone, by the contract "
        "of that."
    )
    field = "outcome"


class BrokerWithoutCertificate(Refused):
    message = _("The certificate of %(broker)s did not hold on %(day)s, the day of signing.")
    field = "broker"


class BrokerOfBuyer(Refused):
    message = _("%(broker)s belongs to the buyer; the seller names a broker who does not.")
    field = "broker"


class PriceOfSale(Refused):
    """`fen` is the price the lot was sold for."""

    message = _("The total of the items is the price of the auction, %(price)s; it is not changed afterwards.")
    field = "items"

    def __str__(self) -> str:
        price = format_unrounded(self.details["fen"], get_language() or "zh-hans")
        return str(self.message) % {"price": price}


class SharesAreAll(Refused):
    """`percent` is what the joint sellers would have together."""

    message = _("The shares of all sellers are 100 %% together; %(percent)s %% leaves nothing for the first seller.")
    field = "joint"


class SellerTwice(Refused):
    """`place` is the joint seller's in their order, from 0."""

    message = _("%(name)s is a party of this contract already.")
    field = "joint"


class NoItems(Refused):
    message = _("List at least one item, each with an amount above zero.")
    field = "items"


class Incomplete(Refused):
    message = _("The contract cannot be sent yet. %(missing)s")


class NothingSupplemented(Refused):
    """`reasons` are those of the return."""

    message = _(
        "Nothing of the contract, its parties or the signed file was changed since it was returned. Change it, or "
        "answer the reasons here: %(reasons)s"
    )
    field = "answer"


class DraftInUse(Refused):
    message = _("The draft cannot be deleted: %(what)s hang on it.")


class ReasonsMissing(Refused):
    message = _("Give the reasons: the seller acts on them.")
    field = "reasons"


class SupplementDayUnfit(Refused):
    message = _("Choose a working day after today, within a year. Offices are closed on weekends and holidays.")
    field = "supplement_by"


class BadNumber(Refused):
    message = _("“%(number)s” is not a registration number of the national system.")
    field = "number"


class NumberTaken(Refused):
    message = _("The number %(number)s is in the register already.")
    field = "number"


class ShortenedNumber(BadNumber):
    message = _(
        "Excel has shortened “%(number)s”: the digits behind are lost. Take the XLSX, or mark the column as text "
        "before entering."
    )


class NumberDeviates(Refused):
    """`unlike` is {part: digits} of what does not fit; entered only where the registrar confirms this very number.

    `expected` is {"year": 2026, "division": "330304"} of this registration. `digits` and `usual` are given where the
    number has another length than those of today.
    """

    message = _("Check the number %(number)s with the national system.")
    of_length = _("The number has %(digits)s digits; those given today have %(usual)s.")
    of_year = _("It is of the year %(year)s, the registration of %(expected)s.")
    of_division = _("It is of the division %(division)s, this register of %(expected)s.")
    field = "number"

    def __str__(self) -> str:
        unlike, expected, sentences = self.details["unlike"], self.details["expected"], []
        if "digits" in self.details:
            sentences.append(str(self.of_length) % self.details)
        if "year" in unlike:
            sentences.append(str(self.of_year) % {"year": unlike["year"], "expected": expected["year"]})
        if "division" in unlike:
            said = {"division": unlike["division"], "expected": expected["division"]}
            sentences.append(str(self.of_division) % said)
        sentences.append(str(self.message) % self.details)
        return paragraph(sentences)


class SameNumber(Refused):
    message = _("The contract is registered under this number already.")
    field = "number"


class ContractExists(Refused):
    message = _("This deal has a contract already.")


class DealIsOver(Refused):
    message = _(
        "The deal this contract comes from is “%(state)s”, so that it cannot be registered. "
        "Return the contract, or decide not to register it."
    )


class NeedsSecondReview(Refused):
    message = _("A large or disputed contract is registered in its second review, by another person than the first.")


class StandsAboveAssessment(Refused):
    message = _(
        "More stands here as technical than was assessed last. Correct the item, or confirm that you register it so."
    )
    field = "confirmed_above"


class AgreementMissing(Refused):
    message = _("Upload the supplementary agreement that both parties signed.")
    field = "upload"


class ChangeAwaits(Refused):
    message = _("A change that was asked for waits for the consent of the buyer. Take it back to ask for another.")


class NoChangeAwaits(Refused):
    message = _("No change of this contract waits for an answer.")


class ConsentReasonsMissing(Refused):
    message = _("Give the reasons: the seller acts on them.")
    field = "answer"


class NoEndToNote(Refused):
    message = _("The contract was not ended before its time, or its end is noted already.")


class HasEnded(Refused):
    message = _("The contract %(end)s. Return the contract, or decide not to register it.")


class NothingChanged(Refused):
    message = _("This is what stands in the register already. Say what is to be changed.")
    field = "items"


class EnterprisesOnly(Refused):
    message = _("%(side)s: scale, high-tech zone and listing are asked of enterprises only.")


class ScaleMissing(Refused):
    message = _("%(side)s: choose the scale of the enterprise.")


class MoreThanTheItem(Refused):
    message = _("The technical part of “%(item)s” lies between nothing and its whole amount.")
    field = "technical"


class NothingTechnical(Refused):
    message = _("No item is technical: a contract without a technical part is not registered.")
    field = "items"


class DatesOutOfOrder(Refused):
    message = _("The end lies before the beginning.")
    field = "ends_on"
