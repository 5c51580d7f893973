"""The journal: audit trail and outbox in one append-only table, and the only door to the outside.

Data of an entry holds ids, codes, amounts and states; never names, phones, mails or confidential text,
because what stands here cannot be changed.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock

if TYPE_CHECKING:
    from marketplace.organisations.models import Organisation, User

committed = Signal()  # sent with entry_id, after the transaction that recorded it


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, subject: models.Model) -> "EntryQuerySet":
        """Return the entries whose subject is this record, newest first."""
        kind = ContentType.objects.get_for_model(subject, for_concrete_model=True)
        return self.filter(subject_type=kind, subject_id=subject.pk)


class Entry(models.Model):
    """One thing that happened: who did what to which record, on whose behalf, when."""

    kind = models.CharField(_("what happened"), max_length=60)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    actor = models.ForeignKey(
        "marketplace.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    on_behalf_of = models.ForeignKey(
        "marketplace.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    data = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(_("at"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="entry_by_subject"),
            models.Index(fields=["kind", "recorded_at"], name="entry_by_kind"),
            models.Index(fields=["actor", "recorded_at"], name="entry_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.subject_id}"

    @property
    def label(self) -> str:
        """Return what happened in words."""
        return str(Kind(self.kind).label)


def record(
    kind: str,
    subject: models.Model,
    *,
    by: "User | None",
    on_behalf_of: "Organisation | None" = None,
    **data: Any,
) -> Entry:
    """Write down what happened, in the caller's transaction; announce it once that commits.

    `kind` is noun.past_participle, listed in `Kind`; `by` is None where the platform itself acts
    (a sweep, a deadline). `data` must be JSON and free of personal data.
    """
    entry = Entry.objects.create(
        kind=Kind(kind), subject=subject, actor=by, on_behalf_of=on_behalf_of, data=data, recorded_at=clock.now()
    )
    transaction.on_commit(lambda: committed.send(Entry, entry_id=entry.pk), robust=True)
    return entry


class Kind(models.TextChoices):
    """Every kind of entry: noun.past_participle, with the words a reader of the trail sees."""

    USER_SIGNED_UP = "user.signed_up", _("person signed up")
    USER_CHANGED = "user.changed", _("account changed")
    USER_EMPTIED = "user.emptied", _("person left; data emptied")
    CONSENT_GIVEN = "consent.given", _("consent given")
    TOKEN_MADE = "token.made", _("access token made")
    TOKEN_REVOKED = "token.revoked", _("access token revoked")
    ORGANISATION_REGISTERED = "organisation.registered", _("organisation registered")
    ORGANISATION_CHANGED = "organisation.changed", _("organisation changed")
    ORGANISATION_RESUBMITTED = "organisation.resubmitted", _("organisation submitted again")
    ORGANISATION_VERIFIED = "organisation.verified", _("organisation verified")
    ORGANISATION_REFUSED = "organisation.refused", _("verification refused")
    ORGANISATION_SUSPENDED = "organisation.suspended", _("organisation suspended")
    ORGANISATION_REINSTATED = "organisation.reinstated", _("organisation reinstated")
    MEMBERSHIP_REQUESTED = "membership.requested", _("membership requested")
    MEMBERSHIP_ACCEPTED = "membership.accepted", _("membership accepted")
    MEMBERSHIP_REFUSED = "membership.refused", _("membership refused")
    MEMBERSHIP_CHANGED = "membership.changed", _("roles changed")
    MEMBERSHIP_LEFT = "membership.left", _("member left")
    STAFF_APPOINTED = "staff.appointed", _("staff roles changed")
    CALENDAR_DECLARED = "calendar.declared", _("day declared working or free")
    CLASSIFICATION_CHANGED = "classification.changed", _("classification changed")
    SYNONYM_CHANGED = "synonym.changed", _("synonym changed")
    INDEX_REBUILD_ASKED = "index.rebuild_asked", _("rebuild of an index asked for")
    FILE_ADDED = "file.added", _("file added")
    FILE_WITHDRAWN = "file.withdrawn", _("file taken away")
    FILE_READ = "file.read", _("file read")
    CONFIDENTIAL_READ = "confidential.read", _("confidential part read")
    OUTCOME_DRAFTED = "outcome.drafted", _("outcome drafted")
    OUTCOME_DISCARDED = "outcome.discarded", _("draft of an outcome deleted")
    OUTCOME_SUBMITTED = "outcome.submitted", _("outcome sent to review")
    OUTCOME_RECALLED = "outcome.recalled", _("outcome taken back from review")
    OUTCOME_REVIEWED = "outcome.reviewed", _("outcome reviewed")
    OUTCOME_RETURNED = "outcome.returned", _("outcome returned with comments")
    OUTCOME_PUBLISHED = "outcome.published", _("outcome published")
    OUTCOME_UNPUBLISHED = "outcome.unpublished", _("outcome taken offline")
    OUTCOME_CONFIRMED = "outcome.confirmed", _("outcome re-confirmed")
    OUTCOME_REMINDED = "outcome.reminded", _("owner reminded to confirm")
    OUTCOME_EXPIRED = "outcome.expired", _("outcome expired")
    OUTCOME_RESERVED = "outcome.reserved", _("outcome reserved")
    OUTCOME_RELEASED = "outcome.released", _("outcome available again")
    OUTCOME_CONVERTED = "outcome.converted", _("outcome converted")
    OUTCOME_WITHDRAWN = "outcome.withdrawn", _("outcome withdrawn")
    OUTCOME_TRIAL_OFFERED = "outcome.trial_offered", _("trial first offered for an outcome")
    OUTCOME_TRIAL_WITHDRAWN = "outcome.trial_withdrawn", _("trial first no longer offered for an outcome")
    OUTCOME_DISCLOSED = "outcome.disclosed", _("confidential part disclosed")
    IMPORT_UPLOADED = "import.uploaded", _("import uploaded")
    IMPORT_CHANGED = "import.changed", _("row of an import changed")
    IMPORT_TAKE_OVER_ASKED = "import.take_over_asked", _("taking over asked for")
    IMPORT_TAKEN_OVER = "import.taken_over", _("import taken over as drafts")
    IMPORT_TAKEN_BACK = "import.taken_back", _("import taken back")
    NEED_DRAFTED = "need.drafted", _("need drafted")
    NEED_DISCARDED = "need.discarded", _("draft of a need deleted")
    NEED_SUBMITTED = "need.submitted", _("need sent to review")
    NEED_RECALLED = "need.recalled", _("need taken back from review")
    NEED_REVIEWED = "need.reviewed", _("need reviewed")
    NEED_RETURNED = "need.returned", _("need returned with comments")
    NEED_PUBLISHED = "need.published", _("need published")
    NEED_UNPUBLISHED = "need.unpublished", _("need taken offline")
    NEED_SOLVED = "need.solved", _("need solved")
    NEED_REOPENED = "need.reopened", _("need opened again")
    NEED_CLOSED = "need.closed", _("need closed")
    NEED_DISCLOSED = "need.disclosed", _("need disclosed")
    BROKER_FILED = "broker.filed", _("broker filed")
    BROKER_CHANGED = "broker.changed", _("broker's record changed")
    BROKER_RENEWED = "broker.renewed", _("broker renewed")
    BROKER_REMINDED = "broker.reminded", _("broker reminded of the expiry")
    BROKER_SUSPENDED = "broker.suspended", _("broker suspended")
    BROKER_REINSTATED = "broker.reinstated", _("broker reinstated")
    BROKER_REVOKED = "broker.revoked", _("broker revoked")
    BROKER_RULE_CHANGED = "broker.rule_changed", _("rule about brokers changed")
    BROKER_SCHEME_CHANGED = "broker.scheme_changed", _("certificate scheme changed")
    APPLICATION_SENT = "application.sent", _("application for filing sent")
    APPLICATION_RETURNED = "application.returned", _("application returned with what is missing")
    APPLICATION_CHECKED = "application.checked", _("materials of an application checked")
    APPLICATION_FILED = "application.filed", _("application filed")
    APPLICATION_REFUSED = "application.refused", _("application refused")
    APPLICATION_WITHDRAWN = "application.withdrawn", _("application withdrawn")
    TRAINING_ENTERED = "training.entered", _("continuing hours entered")
    TRAINING_CONFIRMED = "training.confirmed", _("continuing hours confirmed")
    TRAINING_DECLINED = "training.declined", _("continuing hours not counted")
    LEAD_FILED = "lead.filed", _("lead filed")
    LEAD_CONFIRMED = "lead.confirmed", _("lead confirmed by the party")
    LEAD_DECLINED = "lead.declined", _("lead declined by the party")
    LEAD_WITHDRAWN = "lead.withdrawn", _("lead withdrawn")
    LEAD_STANDS = "lead.settled", _("objection window of a lead ended, it stands")
    LEAD_OVERTURNED = "lead.overturned", _("lead fell by an objection")
    REWARD_CLAIMED = "reward.claimed", _("reward claimed")
    REWARD_REVIEWED = "reward.reviewed", _("reward reviewed")
    REWARD_REFUSED = "reward.refused", _("reward refused")
    REWARD_PUBLICISED = "reward.publicised", _("publicity of a reward ended")
    REWARD_APPROVED = "reward.approved", _("reward approved")
    REWARD_PAID = "reward.paid", _("reward paid")
    EVALUATION_RULE_CHANGED = "evaluation.rule_changed", _("rule of evaluation changed")
    EVALUATION_COMPUTED = "evaluation.computed", _("evaluation computed")
    EVALUATION_COMMENTED = "evaluation.commented", _("evaluation commented")
    EVALUATION_FINISHED = "evaluation.finished", _("evaluation made final")
    MATCH_PROPOSED = "match.proposed", _("match proposed")
    MATCH_ACCEPTED = "match.accepted", _("match accepted by one side")
    MATCH_AGREED = "match.agreed", _("match accepted by both sides")
    MATCH_DECLINED = "match.declined", _("match declined")
    MATCH_WITHDRAWN = "match.withdrawn", _("match withdrawn")
    INVITATION_SENT = "invitation.sent", _("broker invited")
    INVITATION_ACCEPTED = "invitation.accepted", _("invitation accepted by the broker")
    INVITATION_DECLINED = "invitation.declined", _("invitation declined by the broker")
    INVITATION_WITHDRAWN = "invitation.withdrawn", _("invitation taken back")
    MATCH_ADDED = "match.added", _("match added by hand")
    MATCH_PINNED = "match.pinned", _("match pinned")
    MATCH_UNPINNED = "match.unpinned", _("pin of a match taken away")
    INTEREST_SHOWN = "interest.shown", _("interest shown")
    INTEREST_ANSWERED = "interest.answered", _("interest answered")
    INTEREST_WITHDRAWN = "interest.withdrawn", _("interest withdrawn")
    DEAL_OPENED = "deal.opened", _("deal opened")
    DEAL_BROKER_NAMED = "deal.broker_named", _("broker named")
    DEAL_BROKER_CONSENTED = "deal.broker_consented", _("consent to the broker given")
    DEAL_BROKER_LEFT = "deal.broker_left", _("broker left the deal")
    DEAL_BROKER_MARKED = "deal.broker_marked", _("mark of the broker given")
    DEAL_LEAD_LINKED = "deal.lead_linked", _("lead linked to the deal")
    DEAL_NOTED = "deal.noted", _("note added")
    DEAL_MET = "deal.met", _("meeting held")
    DEAL_NDA_ACCEPTED = "deal.nda_accepted", _("confidentiality terms accepted")
    DEAL_PRICING_CHOSEN = "deal.pricing_chosen", _("pricing mode chosen")
    DEAL_PRICE_PROPOSED = "deal.price_proposed", _("price proposed")
    DEAL_PRICED = "deal.priced", _("price fixed")
    DEAL_REOPENING_ASKED = "deal.reopening_asked", _("reopening of the price asked for")
    DEAL_REOPENED = "deal.reopened", _("price reopened by both sides")
    DEAL_PRICE_OBJECTED = "deal.price_objected", _("price opened again by an objection")
    DEAL_TERMS_WRITTEN = "deal.terms_written", _("term sheet written")
    DEAL_TAKEN_UP = "deal.taken_up", _("terminated deal taken up again")
    DEAL_REMINDED = "deal.reminded", _("reminded that the deal stalls")
    DEAL_RULE_CHANGED = "deal_rule.changed", _("rule of deals changed")
    DEAL_MOVED = "deal.moved", _("deal moved on")
    DEAL_TERMINATED = "deal.terminated", _("deal terminated")
    SESSION_PLANNED = "session.planned", _("session planned")
    SESSION_RESCHEDULED = "session.rescheduled", _("session planned for another time")
    SESSION_MOVED = "session.moved", _("session moved on")
    SESSION_ANNOUNCED = "session.announced", _("session announced")
    SESSION_AMENDED = "session.amended", _("announcement amended")
    SESSION_POSTPONED = "session.postponed", _("session postponed")
    SESSION_REANNOUNCED = "session.reannounced", _("postponed session announced again")
    SESSION_SUSPENDED = "session.suspended", _("open lots of a session suspended")
    SESSION_RESUMED = "session.resumed", _("suspended lots of a session resumed")
    SESSION_REHEARSED = "session.rehearsed", _("rehearsal begun")
    SESSION_WIPED = "session.wiped", _("rehearsal wiped")
    SESSION_CANCELLED = "session.cancelled", _("session cancelled")
    LOT_DRAFTED = "lot.drafted", _("lot drafted")
    LOT_SUBMITTED = "lot.submitted", _("lot sent to review")
    LOT_REVIEWED = "lot.reviewed", _("lot reviewed")
    LOT_OPENED = "lot.opened", _("lot opened")
    LOT_SUSPENDED = "lot.suspended", _("lot suspended")
    LOT_RESUMED = "lot.resumed", _("lot resumed")
    LOT_CALLED = "lot.called", _("price of a lot called")
    LOT_EXTENDED = "lot.extended", _("lot extended by the auctioneer")
    LOT_HAMMERED = "lot.hammered", _("lot closed by the hammer")
    BID_ENTERED = "bid.entered", _("bid from the floor entered")
    BID_VOIDED = "bid.voided", _("bid voided")
    LOT_WITHDRAWN = "lot.withdrawn", _("lot withdrawn")
    LOT_SOLD = "lot.sold", _("lot sold")
    LOT_UNSOLD = "lot.unsold", _("lot unsold")
    LOT_CONFIRMED = "lot.confirmed", _("sale confirmed")
    LOT_DEFAULTED = "lot.defaulted", _("buyer defaulted")
    DEFAULT_APPEALED = "default.appealed", _("appeal against a default made")
    DEFAULT_APPEAL_DECIDED = "default.appeal_decided", _("appeal against a default decided")
    LOT_MILESTONE_NOTED = "lot.milestone_noted", _("step after the sale noted")
    LOT_RESCINDED = "lot.rescinded", _("sale rescinded")
    LOT_BUYER_CLEARED = "lot.buyer_cleared", _("buyer of a rescinded sale cleared")
    LOT_GOES_ON = "lot.goes_on", _("way of an unsold lot chosen")
    LOT_CONTRACTED = "lot.contracted", _("lot contracted")
    ROOM_DOCUMENT_ADDED = "room.document_added", _("document put into a data room")
    ROOM_DOCUMENT_WITHDRAWN = "room.document_withdrawn", _("document of a data room withdrawn")
    ROOM_ACCEPTED = "room.accepted", _("terms of a data room accepted")
    ROOM_LISTED = "room.listed", _("data room entered")
    ROOM_FILE_READ = "room.file_read", _("document of a data room opened")
    ROOM_LOG_READ = "room.log_read", _("log of a data room read")
    PRIORITY_LISTED = "priority.listed", _("holder of a priority right listed")
    PRIORITY_INVITED = "priority.invited", _("holder of a priority right invited")
    PRIORITY_STRUCK = "priority.struck", _("holder of a priority right struck from the list")
    LOT_PUBLICISED = "lot.publicised", _("publicity of the result ended")
    REGISTRATION_APPLIED = "registration.applied", _("bidder applied")
    REGISTRATION_ASKED = "registration.asked", _("documents asked for")
    REGISTRATION_ADMITTED = "registration.admitted", _("bidder's documents accepted")
    AUTHORITY_HANDED_IN = "authority.handed_in", _("power of attorney handed in")
    AUTHORITY_ACCEPTED = "authority.accepted", _("power of attorney in order")
    AUTHORITY_REFUSED = "authority.refused", _("power of attorney not in order")
    REGISTRATION_REJECTED = "registration.rejected", _("bidder rejected")
    REGISTRATION_OUTBID = "registration.outbid", _("bidder outbid")
    REGISTRATION_WITHDRAWN = "registration.withdrawn", _("bidder withdrew")
    REGISTRATION_QUALIFIED = "registration.qualified", _("bidder qualified")
    NEGOTIATION_ASKED = "negotiation.asked", _("highest bidder asked to negotiate")
    NEGOTIATION_ANSWERED = "negotiation.answered", _("highest bidder answered")
    PUBLICITY_BEGUN = "publicity.begun", _("publicity begun")
    PUBLICITY_EXTENDED = "publicity.extended", _("publicity extended")
    PUBLICITY_ENDED = "publicity.ended", _("publicity ended")
    PUBLICITY_STOPPED = "publicity.stopped", _("publicity stopped")
    OBJECTION_MADE = "objection.made", _("objection made")
    OBJECTION_ANSWERED = "objection.answered", _("objection answered")
    DEPOSIT_RECEIVED = "deposit.received", _("deposit received")
    DEPOSIT_APPLIED = "deposit.applied", _("deposit applied to the price")
    DEPOSIT_RELEASE_DUE = "deposit.release_due", _("deposit to be released")
    DEPOSIT_RELEASED = "deposit.released", _("deposit released")
    DEPOSIT_FORFEITED = "deposit.forfeited", _("deposit forfeited")
    CONTRACT_DRAFTED = "contract.drafted", _("contract drafted")
    CONTRACT_CHANGED = "contract.changed", _("contract changed")
    CONTRACT_SUBMITTED = "contract.submitted", _("contract submitted")
    CONTRACT_ACCEPTED = "contract.accepted", _("contract accepted for review")
    CONTRACT_REVIEW_BEGUN = "contract.review_begun", _("first review of the contract begun")
    CONTRACT_ITEM_CORRECTED = "contract.item_corrected", _("item of the contract counted otherwise")
    CONTRACT_PARTIES_KEPT = "contract.parties_kept", _("data of the parties of a contract written")
    CONTRACT_PASSED_ON = "contract.passed_on", _("contract passed to the second review")
    CONTRACT_CHANGE_REQUESTED = "contract.change_requested", _("change of the registration asked for")
    CONTRACT_CHANGE_GRANTED = "contract.change_granted", _("change of the registration granted")
    CONTRACT_CHANGE_REFUSED = "contract.change_refused", _("change of the registration refused")
    CONTRACT_CANCELLED = "contract.cancelled", _("registration cancelled")
    CONTRACT_REVOKED = "contract.revoked", _("registration revoked")
    CONTRACT_OBJECTED = "contract.objected", _("objection to the decision on a contract")
    CONTRACT_RE_EXAMINED = "contract.re_examined", _("objection to a decision decided")
    REGISTRATION_RULE_CHANGED = "registration_rule.changed", _("rule of the registration changed")
    CONTRACT_RETURNED = "contract.returned", _("contract returned for supplement")
    CONTRACT_REFUSED = "contract.refused", _("contract not registered")
    CONTRACT_REGISTERED = "contract.registered", _("contract registered")
    CONTRACT_RENUMBERED = "contract.renumbered", _("registration number corrected")
    POOL_ENTERED = "pool.entered", _("outcome put into the pool of trials")
    POOL_OPENED = "pool.opened", _("outcome open for trials")
    POOL_TERMS_CHANGED = "pool.terms_changed", _("terms of trial changed")
    POOL_RETURNED = "pool.returned", _("terms of trial returned")
    POOL_PAUSED = "pool.paused", _("pool entry paused")
    POOL_RESUMED = "pool.resumed", _("pool entry resumed")
    POOL_LEFT = "pool.left", _("outcome taken out of the pool")
    TRIAL_POLICY_KEPT = "trial.policy_kept", _("rules of trials changed")
    TRIAL_REQUESTED = "trial.requested", _("trial requested")
    TRIAL_WITHDRAWN = "trial.withdrawn", _("request for a trial withdrawn")
    TRIAL_APPROVED = "trial.approved", _("trial approved")
    TRIAL_REFUSED = "trial.refused", _("trial refused")
    TRIAL_CONFIRMED = "trial.confirmed", _("trial contract confirmed by one side")
    TRIAL_SIGNED = "trial.signed", _("trial contract confirmed by both sides")
    TRIAL_INSURED = "trial.insured", _("insurance of a trial entered")
    TRIAL_STARTED = "trial.started", _("trial begun")
    TRIAL_MILESTONE_ADDED = "trial.milestone_added", _("milestone of a trial added")
    TRIAL_MILESTONE_REACHED = "trial.milestone_reached", _("milestone of a trial reached")
    TRIAL_SUPPORTED = "trial.supported", _("hours of support noted")
    TRIAL_EVALUATED = "trial.evaluated", _("trial evaluated")
    TRIAL_EXTENSION_ASKED = "trial.extension_asked", _("extension of a trial asked for")
    TRIAL_EXTENSION_ANSWERED = "trial.extension_answered", _("extension of a trial answered")
    TRIAL_CONVERSION_CHOSEN = "trial.conversion_chosen", _("conversion chosen")
    TRIAL_PRICE_PROPOSED = "trial.price_proposed", _("price of a conversion proposed")
    TRIAL_PRICED = "trial.priced", _("price of a conversion fixed")
    TRIAL_PRICE_PUBLISHED = "trial.price_published", _("publicity of a conversion price ended")
    TRIAL_PRICE_REOPENED = "trial.price_reopened", _("price of a conversion open again after an objection")
    TRIAL_CONVERTED = "trial.converted", _("trial converted, contract registered")
    TRIAL_STOPPED = "trial.stopped", _("trial stopped")
    TRIAL_RETURN_CONFIRMED = "trial.return_confirmed", _("return of materials confirmed by one side")
    TRIAL_CLOSED = "trial.closed", _("trial closed, materials returned")
    TRIAL_DISPUTED = "trial.disputed", _("breach in a trial reported")
    TRIAL_RESOLVED = "trial.resolved", _("dispute in a trial resolved")
    TRIAL_REMINDED = "trial.reminded", _("parties reminded of the end of a trial")
    TRIAL_EXPIRED = "trial.expired", _("trial expired")
    TRIAL_LAPSED = "trial.lapsed", _("approved trial lapsed before it began")
    INSTALMENT_PLANNED = "instalment.planned", _("instalment planned")
    INSTALMENT_DROPPED = "instalment.dropped", _("instalment struck")
    INSTALMENT_INVOICED = "instalment.invoiced", _("invoice of an instalment noted")
    INSTALMENT_REMINDED = "instalment.reminded", _("reminded of a late instalment")
    RECEIPT_ENTERED = "receipt.entered", _("payment received")
    RECEIPT_REVERSED = "receipt.reversed", _("payment reversed")
    PLAN_DRAFTED = "plan.drafted", _("distribution plan drafted")
    PLAN_CHANGED = "plan.changed", _("distribution plan changed")
    PLAN_AGREEMENT_FILED = "plan.agreement_filed", _("agreement below the floor put on file")
    PLAN_SUBMITTED = "plan.submitted", _("distribution plan sent for approval")
    PLAN_APPROVED = "plan.approved", _("distribution plan approved")
    PLAN_RETURNED = "plan.returned", _("distribution plan returned")
    PLAN_ENACTED = "plan.enacted", _("distribution plan took effect")
    PLAN_OBJECTED = "plan.objected", _("distribution plan fell by an objection")
    PLAN_WITHDRAWN = "plan.withdrawn", _("distribution plan withdrawn")
    DISTRIBUTION_MADE = "distribution.made", _("payment shared out")
    DISTRIBUTION_REVERSED = "distribution.reversed", _("distribution reversed")
    PAYOUT_PAID = "payout.paid", _("payout paid")
    PAYOUT_RECLAIMED = "payout.reclaimed", _("payout paid back")
    STATEMENT_READ = "statement.read", _("statement of an inventor read")
    SHARING_RULE_CHANGED = "sharing_rule.changed", _("rule of benefit sharing changed")
    SEARCH_SAVED = "search.saved", _("search saved")
    SEARCH_CHANGED = "search.changed", _("name or alerts of a saved search changed")
    SEARCH_REPLACED = "search.replaced", _("words or filters of a saved search replaced")
    SEARCH_UNSUBSCRIBED = "search.unsubscribed", _("alerts of a saved search ended from a mail")
    SEARCH_SUBSCRIBED_AGAIN = "search.subscribed_again", _("alerts of a saved search begun again from a mail")
    SEARCH_REMOVED = "search.removed", _("saved search deleted")
    SEARCH_RESTORED = "search.restored", _("saved search restored")
    SEARCHES_ANSWERED = "searches.answered", _("saved searches found something")
    NOTICE_MAILED = "notice.mailed", _("notice mailed")
