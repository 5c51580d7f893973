"""Who gets a page at which address: the table the walk reads. An address missing here fails the walk."""

EVERYBODY = (
    "visitor, stranger, institute manager, publisher, enterprise manager, bidder, broker, officer, registrar, "
    "second_reviewer, organiser, auctioneer, finance, editor, liaison, auditor, superuser"
)
ROLES = frozenset(EVERYBODY.split(", "))
SIGNED_IN = ROLES - {"visitor"}
NOBODY: frozenset[str] = frozenset()  # answers POST only, or leads on


def _roles(words: str) -> frozenset[str]:
    return frozenset(words.split(", "))


STAFF = SIGNED_IN - _roles("stranger, institute manager, publisher, enterprise manager, bidder, broker")
READERS = _roles("officer, auditor, superuser")
INSTITUTE = _roles("institute manager, publisher")
ENTERPRISE = _roles("enterprise manager")

_TABLE: list[tuple[frozenset[str], str]] = [
    (
        ROLES,
        "healthz readyz robots sitemap sitemap-section news-feed "
        "verify verify-code lot-verifier platform-time lot-events lot-state lot-record lot-hall "
        "session-events session-state lot-verify lot-room api api-document api-lot-state "
        "api-registration api-pool api-publicities api-brokers api-figures "
        "outcome-list outcome-similar outcome-suggestions outcome-detail need-list need-suggestions need-detail "
        "broker-list broker-suggestions broker-detail broker-card broker-firms lot-list lot-suggestions lot-detail "
        "search search-suggestions search-text saved-unsubscribe privacy-notice organisation-detail board session-list "
        "board-report session-detail publicity-list publicity-detail session-announcement announcement-pdf "
        "announcement-file "
        "account_inactive account_email_verification_sent account_reset_password account_reset_password_done "
        "account_reset_password_from_key_done account_reset_password_from_key account_confirm_email "
        "socialaccount_login_cancelled",
    ),
    (_roles("visitor"), "account_login account_signup"),
    (_roles("visitor, stranger"), "member-invitation"),
    (
        SIGNED_IN,
        "account_logout account_reauthenticate account_email account_change_password mfa_index mfa_list_webauthn "
        "socialaccount_connections usersessions_list consent account-profile token-list desk notice-list saved-list "
        "saved-new import-template "
        "organisation-mine organisation-register organisation-join match-list interest-list interest-new deal-list "
        "deal-export need-offer "
        "trial-list trial-export trial-new pool-list contract-list contract-export "
        "review-queue outcome-reviews need-reviews need-new need-mine need-beside "
        "registration-list outcome-mine outcome-new co-ownership-list sharing-calculator statement-list "
        "fee-list application-list lead-list reward-list evaluation-list",
    ),
    (SIGNED_IN - _roles("broker, auditor"), "broker-apply"),
    (READERS | {"broker"}, "training-list"),
    (READERS | {"broker"} | ENTERPRISE, "lead-detail"),
    (_roles("broker"), "broker-desk lead-new lead-withdraw lead-link reward-claim"),
    (READERS | {"broker", "finance"}, "reward-detail"),
    (_roles("officer"), "reward-refuse"),
    (_roles("finance"), "reward-pay"),
    (READERS | {"broker"}, "evaluation-detail"),
    (_roles("broker"), "evaluation-comment"),
    (_roles("officer"), "evaluation-finish broker-evaluate"),
    (ENTERPRISE, "lead-decline lead-confirm lead-take-back"),
    (_roles("broker"), "training-new broker-renewal"),
    (_roles("bidder"), "application-complete"),
    (_roles("officer"), "training-decline application-return application-refuse application-file"),
    (READERS | {"bidder"}, "application-detail"),
    (STAFF, "mfa_activate_totp mfa_add_webauthn mfa_generate_recovery_codes"),  # the others prove themselves first
    (
        NOBODY,
        "set-language favicon account_set_password account_confirm_login_code mfa_authenticate mfa_reauthenticate "
        "mfa_deactivate_totp mfa_view_recovery_codes "
        "mfa_download_recovery_codes mfa_reauthenticate_webauthn mfa_login_webauthn "
        "socialaccount_login_error socialaccount_signup components import-take-over import-take-back "
        "api-bid api-bid-withdraw api-problem token-new token-revoke "
        "import-row-act import-suggestion account-close organisation-switch organisation-request member-answer "
        "organisation-resubmit "
        "saved-open saved-change saved-replace saved-remove saved-restore saved-subscribe-again "
        "staff-act member-roles member-leave member-invite member-invitation-accept member-invitation-decline "
        "member-invitation-resend member-invitation-withdraw "
        "notice-read-all notice-mails notice-open match-accept match-decline "
        "match-withdraw match-correct match-reconsider match-take-back match-pass-on "
        "match-pin match-unpin need-match-add outcome-match-add invitation-accept invitation-decline "
        "invitation-withdraw "
        "interest-accept interest-decline interest-withdraw deal-from-match deal-nda deal-pricing deal-price "
        "deal-draft-remark "
        "deal-price-accept deal-reopen deal-reopen-withdraw deal-broker deal-broker-consent deal-broker-release "
        "deal-note deal-file "
        "deal-move interest-move deal-terminate deal-take-up deal-finish broker-rate trial-act trial-convert "
        "trial-accept pool-act "
        "contract-from-deal contract-change contract-attach contract-submit contract-withdraw-change contract-discard "
        "contract-accept contract-first-review numbers-take-over list-issue "
        "draft-assemble milestone-drop termination-withdraw "
        "need-autosave need-begin need-delete need-act registration-move lot-move lot-add "
        "session-move "
        "registration-appeal objection-answer objection-reply objection-withdraw publicity-extend "
        "negotiation-answer priority-move place-bid "
        "sealed-bid-withdraw "
        "lot-next-path lot-conduct stray-settle "
        "sale-confirmation confirmation-pdf minutes-pdf "
        "application-withdraw application-check training-confirm reward-review reward-approve "
        "session-report report-pdf report-table outcome-autosave outcome-file-add outcome-file-remove outcome-delete "
        "outcome-act session-rehearse rehearsal-wipe rehearsal-join room-accept room-withdraw room-log-table "
        "co-ownership-answer "
        "deposit-take-back plan-move registration-authorise authority-move lot-milestone lot-payment",
    ),
    (INSTITUTE | READERS, "payment-list sharing-overview plan-detail"),
    (INSTITUTE, "plan-new plan-change plan-withdraw"),
    (
        _roles("institute manager"),
        "instalment-plan instalment-invoice instalment-drop receipt-remark-answer receipt-enter receipt-reverse "
        "receipt-distribute plan-agreement "
        "plan-return line-pay line-reclaim line-correct allotment-enter allotment-reverse profit-report "
        "profit-distribute profit-reverse",
    ),
    (ENTERPRISE, "receipt-remark"),
    (_roles("institute manager, auditor"), "distribution-detail statement-detail statement-pdf"),
    (INSTITUTE | READERS | _roles("registrar, second_reviewer"), "file-download contract-detail contract-notice"),
    (INSTITUTE | ENTERPRISE | {"bidder"}, "import-new"),
    (
        INSTITUTE | READERS,
        "import-detail import-progress import-annotated organisation-journal "
        "organisation-members review-page outcome-preview outcome-beside",
    ),
    (READERS | {"registrar", "second_reviewer"}, "board-records board-landed"),
    (READERS, "board-stage organisation-pending organisation-decide staff-list staff-detail"),
    (_roles("institute manager, officer"), "organisation-edit"),
    (_roles("officer, organiser"), "objection-enter"),
    (_roles("officer"), "co-ownership-letter objection-take-back"),
    (
        _roles("officer"),
        "review-offline board-targets "
        "broker-create broker-change broker-renew broker-suspend broker-reinstate broker-revoke",
    ),
    (INSTITUTE | ENTERPRISE | READERS, "interest-detail"),
    (INSTITUTE | READERS, "outcome-brokers pool-detail co-ownership-detail"),
    (INSTITUTE | ENTERPRISE | READERS, "trial-detail trial-contract trial-contract-pdf"),
    (_roles("institute manager"), "pool-enter pool-terms"),
    (INSTITUTE | ENTERPRISE | READERS | {"broker"}, "deal-detail match-detail deal-terms deal-readings"),
    ({"broker"}, "deal-engagement"),
    (INSTITUTE | ENTERPRISE | READERS | {"broker"}, "deal-drafts deal-draft-changes"),
    (SIGNED_IN, "api-contracts"),
    (INSTITUTE | READERS | {"broker"}, "outcome-matches"),
    (ENTERPRISE | READERS | {"broker"}, "invitation-detail"),
    (ENTERPRISE | READERS, "need-matches need-brokers"),
    (ENTERPRISE, "need-edit need-solve"),
    (ENTERPRISE | {"liaison"}, "need-close"),
    (ENTERPRISE | READERS | {"liaison"}, "need-alike"),
    (INSTITUTE | ENTERPRISE, "contract-create"),
    (_roles("registrar"), "contract-pass-on contract-correct-item"),
    (
        READERS | _roles("registrar, second_reviewer"),
        "numbers-list numbers-detail numbers-export list-list list-detail list-export list-pdf list-table",
    ),
    (_roles("registrar"), "list-new"),
    (INSTITUTE | READERS | _roles("registrar, second_reviewer"), "draft-list"),
    (INSTITUTE | READERS, "performance-detail"),
    (INSTITUTE, "milestone-plan milestone-report"),
    (_roles("institute manager"), "milestone-accept milestone-refuse termination-propose termination-declare"),
    (ENTERPRISE, "termination-answer contract-answer-change"),
    (_roles("second_reviewer"), "list-refuse"),
    (_roles("registrar, second_reviewer"), "contract-queue contract-grant-change contract-refuse-change"),
    (_roles("institute manager"), "contract-request-change contract-cancel contract-object"),
    (_roles("officer, second_reviewer"), "contract-revoke"),
    (_roles("officer"), "termination-decide"),
    (_roles("registrar, second_reviewer"), "contract-note-end"),
    (_roles("second_reviewer"), "contract-re-examine"),
    (INSTITUTE, "contract-parties"),
    (_roles("registrar"), "contract-return contract-register contract-refuse contract-correct-number"),
    (READERS | _roles("bidder, organiser"), "registration-detail"),
    (READERS | _roles("finance"), "deposit-list deposit-export deposit-detail deposit-correct stray-list stray-detail"),
    (
        READERS | _roles("organiser, auctioneer"),
        "session-manage-list session-manage lot-manage lot-console lot-console-health",
    ),
    (READERS | _roles("organiser"), "registration-review lot-priority room-log room-file"),
    (
        _roles("organiser"),
        "session-plan session-rewrite lot-rewrite session-amend session-postpone session-reannounce room-manage",
    ),
    (_roles("bidder"), "registration-withdraw"),
    (_roles("institute manager"), "saved-edit"),
    (_roles("institute manager, enterprise manager, bidder"), "lot-apply"),
    (INSTITUTE, "outcome-edit outcome-hints import-columns import-row need-offer-outcome"),
]

WHO_MAY: dict[str, frozenset[str]] = {name: who for who, names in _TABLE for name in names.split()}

# Whose form gets through where that is not simply who sees the page: the rest is refused, whatever it holds.
# Getting through is not yet success: the state of the record may say no.
_POSTS: list[tuple[frozenset[str], str]] = [
    (ROLES, "set-language account_logout account_login account_signup saved-unsubscribe saved-subscribe-again"),
    (
        SIGNED_IN,
        "account-close token-new account_confirm_login_code account_set_password mfa_activate_totp mfa_add_webauthn "
        "mfa_authenticate mfa_generate_recovery_codes mfa_login_webauthn mfa_reauthenticate "
        "mfa_reauthenticate_webauthn notice-mails notice-read-all organisation-switch",
    ),
    (
        SIGNED_IN - INSTITUTE - {"auditor"},
        "organisation-request",
    ),
    (_roles("institute manager"), "member-answer member-roles member-leave notice-open contract-submit"),
    (_roles("institute manager"), "organisation-resubmit"),
    (_roles("institute manager"), "member-invite member-invitation-resend member-invitation-withdraw"),
    (_roles("stranger"), "member-invitation-accept member-invitation-decline"),
    (_roles("institute manager"), "contract-withdraw-change contract-discard"),
    (_roles("institute manager"), "saved-change saved-edit saved-remove saved-restore"),
    (_roles("institute manager"), "plan-move/approve-institute"),
    (_roles("publisher"), "plan-move/approve-department"),
    (INSTITUTE, "plan-move/submit"),
    (_roles("officer"), "organisation-decide staff-act/factor staff-act/lock staff-act/unlock"),
    (
        INSTITUTE,
        "contract-attach contract-change contract-from-deal import-take-over import-take-back import-suggestion "
        "interest-accept interest-decline outcome-autosave outcome-file-add outcome-file-remove outcome-delete",
    ),
    (INSTITUTE, "import-row-act/skip import-row-act/restore import-row-act/keep"),
    (INSTITUTE, "outcome-act/confirm outcome-act/withdraw outcome-act/recall"),
    (INSTITUTE, "co-ownership-answer"),
    (INSTITUTE | ENTERPRISE, "need-begin"),  # institutes post needs too (needs/rules.py)
    (
        INSTITUTE | ENTERPRISE,
        "match-accept match-decline match-withdraw "
        "deal-from-match deal-nda deal-price deal-price-accept deal-reopen deal-reopen-withdraw "
        "deal-broker deal-broker-consent deal-terminate deal-take-up",
    ),
    (INSTITUTE | ENTERPRISE | {"officer", "broker"}, "match-pin match-unpin"),
    (INSTITUTE | {"officer", "broker"}, "outcome-match-add"),
    (ENTERPRISE | {"officer"}, "need-match-add need-brokers invitation-withdraw"),
    (INSTITUTE | {"officer"}, "outcome-brokers"),
    (_roles("broker"), "invitation-accept invitation-decline match-pass-on"),
    (INSTITUTE, "deal-pricing"),
    (INSTITUTE, "trial-act/refuse trial-act/start trial-act/support trial-act/extension"),
    (
        ENTERPRISE,
        "trial-act/withdraw trial-act/evaluate trial-act/extend trial-act/convert trial-act/stop trial-act/output",
    ),
    (
        INSTITUTE | ENTERPRISE,
        "trial-act/insure trial-act/milestone trial-act/reach "
        "trial-act/price trial-act/accept trial-act/return trial-act/breach trial-act/answer",
    ),
    (_roles("institute manager") | ENTERPRISE, "trial-act/sign trial-act/call-off"),
    (_roles("institute manager"), "trial-act/approve"),
    (_roles("officer"), "trial-act/resolve pool-act/pass pool-act/return"),
    (_roles("institute manager"), "pool-enter pool-terms pool-act/pause pool-act/resume pool-act/leave"),
    (INSTITUTE | {"broker"}, "deal-broker-release"),
    ({"broker"}, "deal-engagement"),
    (INSTITUTE | ENTERPRISE | {"broker"}, "deal-note deal-file deal-terms deal-draft-remark"),
    (ENTERPRISE, "objection-withdraw deal-finish interest-withdraw need-autosave need-act/recall"),
    (_roles("registrar"), "contract-accept contract-first-review"),
    (_roles("second_reviewer"), "list-issue"),
    (INSTITUTE, "draft-assemble milestone-drop"),
    (_roles("institute manager"), "termination-withdraw"),
    (_roles("registrar, second_reviewer"), "numbers-list numbers-take-over"),
    (SIGNED_IN - _roles("organiser, auditor"), "publicity-detail"),
    (_roles("organiser"), "objection-answer publicity-extend"),
    (_roles("organiser, officer"), "lot-move/appeal"),
    (_roles("bidder"), "registration-appeal registration-authorise application-withdraw"),
    (_roles("bidder, organiser"), "lot-milestone"),  # the bidder leads, so it is the buyer if nobody bids more
    (_roles("officer"), "application-check training-confirm reward-review reward-approve"),
    (_roles("bidder"), "registration-detail token-revoke"),
    (
        _roles("finance"),
        "deposit-correct deposit-take-back stray-list stray-settle/assign stray-settle/return stray-settle/take-back "
        "stray-settle/take-back-return",
    ),
    (_roles("institute manager, enterprise manager, bidder"), "place-bid sealed-bid-withdraw room-accept"),
    (
        _roles("organiser"),
        "lot-move/approve lot-move/return lot-move/withdraw lot-move/confirm "
        "lot-move/default session-move/announce session-move/cancel registration-move/admit "
        "registration-move/ask registration-move/reject registration-move/qualify registration-move/revoke "
        "session-rehearse lot-priority priority-move/invite priority-move/strike room-withdraw "
        "authority-move/accept authority-move/refuse",
    ),
    (
        _roles("organiser, auctioneer"),
        "lot-move/suspend lot-move/resume lot-conduct/suspend lot-conduct/resume "
        "session-move/suspend session-move/resume",
    ),
    (
        _roles("auctioneer"),
        "lot-conduct/bid lot-conduct/call lot-conduct/hammer lot-conduct/extend lot-conduct/void",
    ),
]

# An address with several verbs has a row for each: "name/verb"
WHO_MAY_POST: dict[str, frozenset[str]] = {
    name.replace("/", " "): who for who, names in _POSTS for name in names.split()
}

# What everybody changes of their own, auditors too; and what whoever holds a signed link of a mail may
_OWN = (
    "saved-unsubscribe saved-subscribe-again "
    "account-profile account_email account_logout account_change_password account_reset_password notice-open "
    "notice-mails notice-read-all organisation-switch consent set-language usersessions_list"
)
OWN_ACCOUNT = frozenset(_OWN.split())
