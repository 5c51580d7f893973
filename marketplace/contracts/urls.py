"""Addresses of contracts."""

from django.urls import path

from marketplace.contracts import deciding, views

urlpatterns = [
    path("contracts/", views.contract_list, name="contract-list"),
    path("contracts/queue/", views.contract_queue, name="contract-queue"),
    path("contracts/export/", views.contract_export, name="contract-export"),
    path("contracts/new/", views.contract_create, name="contract-create"),
    path("contracts/from-deal/<str:code>/", views.contract_from_deal, name="contract-from-deal"),
    path("contracts/<str:code>/", views.contract_detail, name="contract-detail"),
    path("contracts/<str:code>/change/", views.contract_change, name="contract-change"),
    path("contracts/<str:code>/attach/", views.contract_attach, name="contract-attach"),
    path("contracts/<str:code>/submit/", views.contract_submit, name="contract-submit"),
    path("contracts/<str:code>/accept/", deciding.contract_accept, name="contract-accept"),
    path("contracts/<str:code>/return/", deciding.contract_return, name="contract-return"),
    path("contracts/<str:code>/register/", deciding.contract_register, name="contract-register"),
    path("contracts/<str:code>/refuse/", deciding.contract_refuse, name="contract-refuse"),
    path("contracts/<str:code>/correct-number/", deciding.contract_correct_number, name="contract-correct-number"),
]
