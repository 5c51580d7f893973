"""Addresses of contracts."""

from django.urls import path

from marketplace.contracts import deciding, later, notice, party_page, queue_page, sending, views

urlpatterns = [
    path("contracts/", views.contract_list, name="contract-list"),
    path("contracts/queue/", queue_page.contract_queue, name="contract-queue"),
    path("contracts/export/", views.contract_export, name="contract-export"),
    path("contracts/new/", views.contract_create, name="contract-create"),
    path("contracts/from-deal/<str:code>/", views.contract_from_deal, name="contract-from-deal"),
    path("contracts/<str:code>/", views.contract_detail, name="contract-detail"),
    path("contracts/<str:code>/change/", views.contract_change, name="contract-change"),
    path("contracts/<str:code>/attach/", views.contract_attach, name="contract-attach"),
    path("contracts/<str:code>/submit/", sending.contract_submit, name="contract-submit"),
    path("contracts/<str:code>/discard/", sending.contract_discard, name="contract-discard"),
    path("contracts/<str:code>/accept/", deciding.contract_accept, name="contract-accept"),
    path("contracts/<str:code>/return/", deciding.contract_return, name="contract-return"),
    path("contracts/<str:code>/register/", deciding.contract_register, name="contract-register"),
    path("contracts/<str:code>/refuse/", deciding.contract_refuse, name="contract-refuse"),
    path("contracts/<str:code>/correct-number/", deciding.contract_correct_number, name="contract-correct-number"),
    path("contracts/<str:code>/first-review/", deciding.contract_first_review, name="contract-first-review"),
    path("contracts/<str:code>/pass-on/", deciding.contract_pass_on, name="contract-pass-on"),
    path("contracts/<str:code>/notice/", notice.contract_notice, name="contract-notice"),
    path("contracts/<str:code>/parties/", party_page.contract_parties, name="contract-parties"),
    path("contracts/<str:code>/items/<int:position>/", later.contract_correct_item, name="contract-correct-item"),
    path("contracts/<str:code>/request-change/", later.contract_request_change, name="contract-request-change"),
    path("contracts/<str:code>/answer-change/", later.contract_answer_change, name="contract-answer-change"),
    path("contracts/<str:code>/withdraw-change/", later.contract_withdraw_change, name="contract-withdraw-change"),
    path("contracts/<str:code>/grant-change/", later.contract_grant_change, name="contract-grant-change"),
    path("contracts/<str:code>/refuse-change/", later.contract_refuse_change, name="contract-refuse-change"),
    path("contracts/<str:code>/cancel/", later.contract_cancel, name="contract-cancel"),
    path("contracts/<str:code>/note-end/", later.contract_note_end, name="contract-note-end"),
    path("contracts/<str:code>/revoke/", later.contract_revoke, name="contract-revoke"),
    path("contracts/<str:code>/object/", later.contract_object, name="contract-object"),
    path("contracts/<str:code>/re-examine/", later.contract_re_examine, name="contract-re-examine"),
]
