"""Addresses of people and organisations."""

from django.urls import path

from marketplace.organisations.views import accounts, invitations, members, organisations, staff, tokens

urlpatterns = [
    path("privacy/", accounts.privacy_notice, name="privacy-notice"),
    path("account/consent/", accounts.consent, name="consent"),
    path("account/profile/", accounts.account_profile, name="account-profile"),
    path("account/close/", accounts.account_close, name="account-close"),
    path("account/tokens/", tokens.token_list, name="token-list"),
    path("account/tokens/new/", tokens.token_new, name="token-new"),
    path("account/tokens/<str:code>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("account/acting/", accounts.organisation_switch, name="organisation-switch"),
    path("organisations/mine/", organisations.organisation_mine, name="organisation-mine"),
    path("organisations/register/", organisations.organisation_register, name="organisation-register"),
    path("organisations/join/", organisations.organisation_join, name="organisation-join"),
    path("organisations/pending/", organisations.organisation_pending, name="organisation-pending"),
    path("organisations/invited/<str:token>/", invitations.member_invitation, name="member-invitation"),
    path(
        "organisations/invited/<str:token>/accept/",
        invitations.member_invitation_accept,
        name="member-invitation-accept",
    ),
    path(
        "organisations/invited/<str:token>/decline/",
        invitations.member_invitation_decline,
        name="member-invitation-decline",
    ),
    path("organisations/<str:code>/", organisations.organisation_detail, name="organisation-detail"),
    path("organisations/<str:code>/edit/", organisations.organisation_edit, name="organisation-edit"),
    path("organisations/<str:code>/resubmit/", organisations.organisation_resubmit, name="organisation-resubmit"),
    path("organisations/<str:code>/join/", organisations.organisation_request, name="organisation-request"),
    path("organisations/<str:code>/decide/", organisations.organisation_decide, name="organisation-decide"),
    path("organisations/<str:code>/journal/", organisations.organisation_journal, name="organisation-journal"),
    path("organisations/<str:code>/members/", members.organisation_members, name="organisation-members"),
    path("organisations/<str:code>/members/<str:member>/answer/", members.member_answer, name="member-answer"),
    path("organisations/<str:code>/members/<str:member>/roles/", members.member_roles, name="member-roles"),
    path("organisations/<str:code>/members/<str:member>/leave/", members.member_leave, name="member-leave"),
    path("organisations/<str:code>/invite/", invitations.member_invite, name="member-invite"),
    path(
        "organisations/<str:code>/invitations/<str:invitation>/resend/",
        invitations.member_invitation_resend,
        name="member-invitation-resend",
    ),
    path(
        "organisations/<str:code>/invitations/<str:invitation>/withdraw/",
        invitations.member_invitation_withdraw,
        name="member-invitation-withdraw",
    ),
    path("staff/", staff.staff_list, name="staff-list"),
    path("staff/<str:person>/", staff.staff_detail, name="staff-detail"),
    path("staff/<str:person>/<str:verb>/", staff.staff_act, name="staff-act"),
]
