"""Addresses of 瓯来拍; the list `/lots/` belongs to search."""

from django.urls import path, re_path

from marketplace.auctions.views import (
    amendments,
    applications,
    bidders,
    corrections,
    deposits,
    hall,
    lots,
    milestones,
    papers,
    postponing,
    priority,
    registrations,
    rehearsals,
    reports,
    rewriting,
    room,
    sale,
    sealed,
    sessions,
    strays,
    verifying,
)

LOT_VERBS = "|".join(lots.LOT_MOVES)
CONSOLE_VERBS = "|".join(hall.CONSOLE_MOVES)
SESSION_VERBS = "|".join(sessions.SESSION_MOVES)
PRIORITY_VERBS = "|".join(priority.PRIORITY_MOVES)
REGISTRATION_VERBS = "|".join(applications.REGISTRATION_MOVES)
AUTHORITY_VERBS = "|".join(applications.AUTHORITY_MOVES)

urlpatterns = [
    path("auctions/", sale.session_list, name="session-list"),
    path("auctions/registrations/", registrations.registration_list, name="registration-list"),
    path("auctions/registrations/<str:code>/", registrations.registration_detail, name="registration-detail"),
    path(
        "auctions/registrations/<str:code>/authorities/",
        registrations.registration_authorise,
        name="registration-authorise",
    ),
    path(
        "auctions/registrations/<str:code>/withdraw/", registrations.registration_withdraw, name="registration-withdraw"
    ),
    path("auctions/registrations/<str:code>/appeal/", registrations.registration_appeal, name="registration-appeal"),
    path("auctions/deposits/", deposits.deposit_list, name="deposit-list"),
    path("auctions/deposits/export/", deposits.deposit_export, name="deposit-export"),
    path("auctions/deposits/strays/", strays.stray_list, name="stray-list"),
    path("auctions/deposits/strays/<str:code>/", strays.stray_detail, name="stray-detail"),
    path("auctions/deposits/strays/<str:code>/<str:verb>/", strays.stray_settle, name="stray-settle"),
    path("auctions/deposits/<str:code>/", deposits.deposit_detail, name="deposit-detail"),
    path("auctions/deposits/<str:code>/correct/", corrections.deposit_correct, name="deposit-correct"),
    path("auctions/deposits/<str:code>/take-back/", corrections.deposit_take_back, name="deposit-take-back"),
    path("auctions/manage/", sessions.session_manage_list, name="session-manage-list"),
    path("auctions/manage/new/", sessions.session_plan, name="session-plan"),
    path("auctions/manage/registrations/<str:code>/", applications.registration_review, name="registration-review"),
    re_path(
        rf"^auctions/manage/registrations/(?P<code>\w+)/(?P<verb>{REGISTRATION_VERBS})/$",
        applications.registration_move,
        name="registration-move",
    ),
    re_path(
        rf"^auctions/manage/authorities/(?P<code>\w+)/(?P<verb>{AUTHORITY_VERBS})/$",
        applications.authority_move,
        name="authority-move",
    ),
    re_path(
        rf"^auctions/manage/priority/(?P<code>\w+)/(?P<verb>{PRIORITY_VERBS})/$",
        priority.priority_move,
        name="priority-move",
    ),
    path("auctions/manage/lots/<str:number>/room/", room.room_manage, name="room-manage"),
    path("auctions/manage/lots/<str:number>/room/log/", room.room_log, name="room-log"),
    re_path(
        r"^auctions/manage/lots/(?P<number>[\w-]+)/room/log\.(?P<form>xlsx|csv)$",
        room.room_log_table,
        name="room-log-table",
    ),
    path("auctions/manage/lots/<str:number>/room/<str:code>/withdraw/", room.room_withdraw, name="room-withdraw"),
    path("auctions/manage/lots/<str:number>/priority/", priority.lot_priority, name="lot-priority"),
    path("auctions/manage/lots/<str:number>/rewrite/", rewriting.lot_rewrite, name="lot-rewrite"),
    path("auctions/manage/lots/<str:number>/", lots.lot_manage, name="lot-manage"),
    re_path(rf"^auctions/manage/lots/(?P<number>[\w-]+)/(?P<verb>{LOT_VERBS})/$", lots.lot_move, name="lot-move"),
    path("auctions/manage/lots/<str:number>/console/", hall.lot_console, name="lot-console"),
    path("auctions/manage/lots/<str:number>/console/health/", hall.console_health, name="lot-console-health"),
    re_path(
        rf"^auctions/manage/lots/(?P<number>[\w-]+)/console/(?P<verb>{CONSOLE_VERBS})/$",
        hall.lot_conduct,
        name="lot-conduct",
    ),
    path("auctions/manage/<str:number>/", sessions.session_manage, name="session-manage"),
    path("auctions/manage/<str:number>/rewrite/", rewriting.session_rewrite, name="session-rewrite"),
    path("auctions/manage/<str:number>/amend/", amendments.session_amend, name="session-amend"),
    path("auctions/manage/<str:number>/postpone/", postponing.session_postpone, name="session-postpone"),
    path("auctions/manage/<str:number>/reannounce/", postponing.session_reannounce, name="session-reannounce"),
    path("auctions/manage/<str:number>/lots/new/", sessions.lot_add, name="lot-add"),
    re_path(
        rf"^auctions/manage/(?P<number>[\w-]+)/(?P<verb>{SESSION_VERBS})/$",
        sessions.session_move,
        name="session-move",
    ),
    path("auctions/manage/<str:number>/rehearse/", rehearsals.session_rehearse, name="session-rehearse"),
    path("auctions/manage/<str:number>/wipe/", rehearsals.rehearsal_wipe, name="rehearsal-wipe"),
    path("auctions/<str:number>/join/", rehearsals.rehearsal_join, name="rehearsal-join"),
    path("auctions/<str:number>/", sale.session_detail, name="session-detail"),
    path("auctions/<str:number>/announcement/", papers.session_announcement, name="session-announcement"),
    path("auctions/<str:number>/announcement.pdf", papers.announcement_pdf, name="announcement-pdf"),
    path("auctions/<str:number>/announcement.jsonl", papers.announcement_file, name="announcement-file"),
    path("auctions/<str:number>/report/", reports.session_report, name="session-report"),
    path("auctions/<str:number>/report.pdf", reports.report_pdf, name="report-pdf"),
    re_path(r"^auctions/(?P<number>[\w-]+)/report\.(?P<form>xlsx|csv)$", reports.report_table, name="report-table"),
    path("lots/<str:number>/", sale.lot_detail, name="lot-detail"),
    path("lots/<str:number>/room/", room.lot_room, name="lot-room"),
    path("lots/<str:number>/room/accept/", room.room_accept, name="room-accept"),
    path("lots/<str:number>/room/<str:code>/", room.room_file, name="room-file"),
    path("lots/<str:number>/hall/", hall.lot_hall, name="lot-hall"),
    path("lots/<str:number>/verify/", verifying.lot_verify, name="lot-verify"),
    path("lots/<str:number>/bids/", bidders.place_bid, name="place-bid"),
    path("lots/<str:number>/bids/withdrawal/", sealed.withdraw_sealed_bid, name="sealed-bid-withdraw"),
    path("lots/<str:number>/apply/", registrations.lot_apply, name="lot-apply"),
    path("lots/<str:number>/confirmation/", papers.sale_confirmation, name="sale-confirmation"),
    path("lots/<str:number>/confirmation.pdf", papers.confirmation_pdf, name="confirmation-pdf"),
    path("lots/<str:number>/minutes.pdf", papers.minutes_pdf, name="minutes-pdf"),
    re_path(
        r"^lots/(?P<number>[\w-]+)/negotiation/(?P<verb>agree|decline)/$",
        bidders.negotiation_answer,
        name="negotiation-answer",
    ),
    path("lots/<str:number>/milestones/", milestones.lot_milestone, name="lot-milestone"),
    re_path(
        r"^lots/(?P<number>[\w-]+)/payment/(?P<verb>received|missing)/$", milestones.lot_payment, name="lot-payment"
    ),
    path("lots/<str:number>/next/", bidders.lot_next_path, name="lot-next-path"),
]
