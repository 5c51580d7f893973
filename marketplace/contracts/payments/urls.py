"""Addresses of payments."""

from django.urls import path

from marketplace.contracts.payments import remark_views as remarks
from marketplace.contracts.payments import views

urlpatterns = [
    path("contracts/<str:code>/payments/", views.payment_list, name="payment-list"),
    path("contracts/<str:code>/payments/plan/", views.instalment_plan, name="instalment-plan"),
    path("contracts/<str:code>/payments/enter/", views.receipt_enter, name="receipt-enter"),
    path("payments/instalments/<str:code>/drop/", views.instalment_drop, name="instalment-drop"),
    path("payments/instalments/<str:code>/invoice/", views.instalment_invoice, name="instalment-invoice"),
    path("payments/receipts/<str:code>/remark/", remarks.receipt_remark, name="receipt-remark"),
    path("payments/remarks/<str:code>/answer/", remarks.receipt_remark_answer, name="receipt-remark-answer"),
    path("payments/receipts/<str:code>/reverse/", views.receipt_reverse, name="receipt-reverse"),
]
