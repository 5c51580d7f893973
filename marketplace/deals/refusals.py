"""What a deal may answer with "no", in sentences its parties can act on."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused


class InterestShown(Refused):
    message = _("Your organisation has shown interest in this outcome; the owner has not answered yet.")


class OutcomeNotOpen(Refused):
    message = _("This outcome is not available now: %(state)s.")


class OutcomeOffline(Refused):
    message = _("The district took the outcome offline: until it is public again this cannot be done.")


class MessageMissing(Refused):
    message = _("Say in a few words what you want to use it for: the owner decides by it.")
    field = "message"


class ReasonMissing(Refused):
    message = _("Give the reason: the other side reads it.")
    field = "reason"


class NotAgreed(Refused):
    message = _("A deal is opened when both sides have accepted the match.")


class MatchIsOver(Refused):
    message = _("No deal can be opened from this match now. %(why)s")


class DealExists(Refused):
    message = _("The deal is open already.")


class NdaAccepted(Refused):
    message = _("Your side has accepted the confidentiality terms already.")


class NdaOutdated(Refused):
    message = _("The confidentiality terms have changed meanwhile. Read the present version.")


class PriceFixed(Refused):
    message = _("The price is fixed. Both sides can reopen it.")


class PricingNotChosen(Refused):
    message = _("The seller chooses the pricing mode first.")
    field = "amount"


class AuctionDecides(Refused):
    message = _("The price comes from the auction; nobody proposes one here.")
    field = "amount"


class OnlySellerLists(Refused):
    message = _("At a fixed listing price only the seller names the price; you accept it or not.")
    field = "amount"


class NoTermSet(Refused):
    message = _("Officers have not set how long an agreed price is in publicity, so none is fixed yet.")


class ModePublished(Refused):
    message = _("A price agreed here was published, so the pricing mode stays. Another mode needs another deal.")
    field = "mode"


class NotPositive(Refused):
    message = _("A price is more than zero.")
    field = "amount"


class ListingPriceMissing(Refused):
    message = _("Enter the listing price.")
    field = "listing_price"


class ProposalGone(Refused):
    message = _("This proposal no longer stands. Look at the present one before you accept.")


class OwnProposal(Refused):
    message = _("The other side accepts your proposal, or makes another.")


class PriceNotReopened(Refused):
    message = _("A price found at an auction is not reopened.")


class PriceOfTrial(Refused):
    message = _("The price was fixed by the trial, before it or after its publicity, and is not reopened.")


class ReopeningAsked(Refused):
    message = _("Your side has asked to reopen the price; the other side has not answered yet.")


class NoReopeningAsked(Refused):
    message = _("Nobody asks to reopen the price any more: the request was answered or taken back.")


class HasBroker(Refused):
    message = _("The deal has a broker: %(broker)s. Release them before another is named.")
    field = "broker"


class NoBroker(Refused):
    message = _("The deal has no broker.")


class BrokerNotValid(Refused):
    message = _("The certificate of %(broker)s does not hold today (%(standing)s).")
    field = "broker"


class BrokerOfOtherSide(Refused):
    message = _("%(broker)s belongs to %(organisation)s and may act for that side only.")
    field = "broker"


class BrokerHasHouses(Refused):
    message = _("%(broker)s also belongs to: %(houses)s. Tick that you know it, and name the broker again.")
    field = "knows_houses"


class BothNotOffered(Refused):
    message = _("The broker acts for the other side alone. Only that side can offer that both be served.")


class EngagementAccepted(Refused):
    message = _("You have accepted this engagement already.")


class ConsentGiven(Refused):
    message = _("Your side has consented to this broker acting for both sides.")


class SaleNotTakenUp(Refused):
    message = _("A deal that came from a sale is not taken up again: the lot decides what follows.")
    field = "reason"


class MeetingInFuture(Refused):
    message = _("A meeting is recorded after it was held; %(day)s is yet to come.")
    field = "met_on"


class OutcomeWithoutMeeting(Refused):
    message = _("What came of it belongs to a meeting: enter its day.")
    field = "met_on"


class SubjectMissing(Refused):
    message = _("Say what is handed over.")
    field = "subject"


class TermsUnchanged(Refused):
    message = _("Version %(version)s says the same already: change something first.")
    field = "subject"


class NothingSaid(Refused):
    message = _("Write something first.")
    field = "text"


class DealEnded(Refused):
    message = _("The deal has ended (%(state)s); nothing is added to it.")
