"""Who does what in the pool and in a trial, and why not: each party for itself, officers what the district decides.

Source: the steps of 先用后转, pool, free licence, insurance, paid conversion (浙江省科技厅“先用后转”场景操作指引,
domain.md §4.5 [CK]); an agreed price is published (促进科技成果转化法 Art. 18).
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Organisation
from marketplace.organisations.one_side import answered, merged, why_not_both
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.standing import why_not_act, why_not_trade

if TYPE_CHECKING:
    from marketplace.outcomes.models import ResearchOutcome
    from marketplace.trials.models import Trial
    from marketplace.trials.pool import PoolEntry

Acting = Organisation | None
POOLS = (MemberRole.MANAGER,)  # the terms bind the institute
OWNS, TRIES = (MemberRole.PUBLISHER,), (MemberRole.BIDDER,)  # managers do everything


def _owner(user: Any, outcome: "ResearchOutcome", organisation: Acting, *roles: MemberRole) -> str | None:
    owner = outcome.owner
    if organisation is not None and organisation.pk != owner.pk:
        return _("Only %(owner)s, who owns the outcome, does this.") % {"owner": owner}
    return why_not_trade(user, organisation, *roles)


def enter_pool(user: Any, outcome: "ResearchOutcome", *, organisation: Acting) -> str | None:
    """Terms are fixed before anybody tries (操作指引, step 1 [CK])."""
    return _owner(user, outcome, organisation, *POOLS)


def change_pool_terms(user: Any, entry: "PoolEntry", *, organisation: Acting) -> str | None:
    return _owner(user, entry.outcome, organisation, *POOLS)


def pause_pool_entry(user: Any, entry: "PoolEntry", *, organisation: Acting) -> str | None:
    return _owner(user, entry.outcome, organisation, *POOLS)


def resume_pool_entry(user: Any, entry: "PoolEntry", *, organisation: Acting) -> str | None:
    return _owner(user, entry.outcome, organisation, *POOLS)


def leave_pool(user: Any, entry: "PoolEntry", *, organisation: Acting) -> str | None:
    return _owner(user, entry.outcome, organisation, *POOLS)


def _officer(user: Any, *parties: int) -> str | None:
    if not user.has_role(Role.OFFICER):
        return _("Officers of the district do this.")
    if any(user.acts_for(party) for party in parties):
        return _("Officers do not decide in matters of their own organisation.")
    return None


def pass_pool_entry(user: Any, entry: "PoolEntry") -> str | None:
    return _officer(user, entry.outcome.owner_id)


def return_pool_entry(user: Any, entry: "PoolEntry") -> str | None:
    return _officer(user, entry.outcome.owner_id)


def keep_trial_policy(user: Any) -> str | None:
    return _officer(user)


def request_trial(user: Any, outcome: "ResearchOutcome", *, organisation: Acting) -> str | None:
    """Verified enterprises try outcomes; nobody the own ones or those of a relative."""
    reason = why_not_trade(user, organisation, *TRIES)
    if reason is not None or organisation is None:
        return reason
    if organisation.kind != Organisation.Kind.ENTERPRISE:
        return _("Trials are asked for by enterprises.")
    if outcome.owner.is_related_to(organisation):
        return _("%(organisation)s is the owner or related to it.") % {"organisation": organisation}
    return None


def _party(user: Any, trial: "Trial", organisation: Acting, owns: tuple[MemberRole, ...] = OWNS) -> str | None:
    """Return why `user` does not act for one of the two parties; `owns` are the roles asked of the institute's side."""
    party = trial.party_of(organisation)
    if organisation is not None and party is None:
        return _("Only the parties of the trial do this. You act for %(organisation)s.") % {
            "organisation": organisation
        }
    return why_not_trade(user, organisation, *(owns if party == "owner" else TRIES))


def _answers(user: Any, trial: "Trial", organisation: Acting) -> str | None:
    """Return why somebody does not answer for this party: who answered for the other does not."""
    return why_not_both(organisation, merged(answered(user, {type(trial): [trial.pk]})))


def _institute(user: Any, trial: "Trial", organisation: Acting, owns: tuple[MemberRole, ...] = OWNS) -> str | None:
    reason = _party(user, trial, organisation, owns)
    if reason is None and trial.party_of(organisation) != "owner":
        return _("Only the institute does this.")
    return reason


def _enterprise(user: Any, trial: "Trial", organisation: Acting) -> str | None:
    reason = _party(user, trial, organisation)
    if reason is None and trial.party_of(organisation) != "enterprise":
        return _("Only the enterprise does this.")
    return reason


def withdraw_trial(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    """An enterprise that was suspended still takes its request back."""
    if organisation is not None and organisation.pk != trial.enterprise_id:
        return _("Only the enterprise does this.")
    return why_not_act(user, organisation, *TRIES)


def approve_trial(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    """The institute approves the free licence (操作指引, step 2 [CK]); it binds, as the terms do."""
    return _institute(user, trial, organisation, POOLS) or _answers(user, trial, organisation)


def refuse_trial(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _institute(user, trial, organisation) or _answers(user, trial, organisation)


def sign_trial_contract(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _party(user, trial, organisation, POOLS) or _answers(user, trial, organisation)


def call_off_trial(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    """Either side steps back from what it confirmed, as long as nothing was handed over."""
    return _party(user, trial, organisation, POOLS) or _answers(user, trial, organisation)


def read_trial_contract(user: Any, trial: "Trial") -> str | None:
    """Whoever may open the trial reads its contract, once the institute has approved it."""
    if trial.answered_at is None or trial.state == trial.State.REFUSED:
        return _("There is a trial contract once the institute has approved the trial.")
    if user.reads_everything or any(user.acts_for(party) for party in (trial.outcome.owner_id, trial.enterprise_id)):
        return None
    return _("Its two parties and the district read a trial contract.")


def insure_trial(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    """Insurance of the trial (操作指引, step 3 [CK])."""
    return _party(user, trial, organisation)


def start_trial(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _institute(user, trial, organisation) or _answers(user, trial, organisation)


def add_milestone(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _party(user, trial, organisation)


def reach_milestone(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _party(user, trial, organisation) or _answers(user, trial, organisation)


def note_support(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _institute(user, trial, organisation) or _answers(user, trial, organisation)


def evaluate_trial(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _enterprise(user, trial, organisation) or _answers(user, trial, organisation)


def ask_extension(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _enterprise(user, trial, organisation)


def answer_extension(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _institute(user, trial, organisation) or _answers(user, trial, organisation)


def convert_trial(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    """Approval and deal, now paid (操作指引, step 4 [CK])."""
    return _enterprise(user, trial, organisation) or _answers(user, trial, organisation)


def propose_trial_price(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _party(user, trial, organisation) or _answers(user, trial, organisation)


def accept_trial_price(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    """An agreed price is published before the contract (促进科技成果转化法 Art. 18)."""
    return _party(user, trial, organisation) or _answers(user, trial, organisation)


def stop_trial(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _enterprise(user, trial, organisation) or _answers(user, trial, organisation)


def report_output(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _enterprise(user, trial, organisation) or _answers(user, trial, organisation)


def take_back_output(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _enterprise(user, trial, organisation)


def take_back_support(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _institute(user, trial, organisation)


def take_out_milestone(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    return _party(user, trial, organisation)


def confirm_return(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    """What was handed over goes back also where a party was suspended meanwhile."""
    return _party_of_old(user, trial, organisation) or _answers(user, trial, organisation)


def _party_of_old(user: Any, trial: "Trial", organisation: Acting) -> str | None:
    """Refuse all but the people of a party, whether or not it is verified now."""
    if organisation is not None and trial.party_of(organisation) is None:
        return _("Only the parties of the trial do this. You act for %(organisation)s.") % {
            "organisation": organisation
        }
    return why_not_act(user, organisation, *(OWNS if trial.party_of(organisation) == "owner" else TRIES))


def report_breach(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    """Constraints on both sides (操作指引, step 5 [CK])."""
    return _party(user, trial, organisation) or _answers(user, trial, organisation)


def answer_breach(user: Any, trial: "Trial", *, organisation: Acting) -> str | None:
    """Whoever is said to have broken the terms is heard, also where it was suspended meanwhile."""
    return _party_of_old(user, trial, organisation) or _answers(user, trial, organisation)


def resolve_dispute(user: Any, trial: "Trial") -> str | None:
    return _officer(user, trial.outcome.owner_id, trial.enterprise_id)
