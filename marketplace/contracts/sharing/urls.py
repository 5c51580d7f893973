"""Addresses of benefit sharing."""

from django.urls import path

from marketplace.contracts.sharing.views import calculator, payouts, plans, shares, statements, yearly

urlpatterns = [
    path("contracts/<str:code>/sharing/", plans.sharing_overview, name="sharing-overview"),
    path("contracts/<str:code>/sharing/new/", plans.plan_new, name="plan-new"),
    path("contracts/<str:code>/sharing/shares/", shares.allotment_enter, name="allotment-enter"),
    path("contracts/<str:code>/sharing/profit/", yearly.profit_report, name="profit-report"),
    path("sharing/allotments/<str:code>/reverse/", shares.allotment_reverse, name="allotment-reverse"),
    path("sharing/profits/<str:code>/", yearly.profit_distribute, name="profit-distribute"),
    path("sharing/profits/<str:code>/reverse/", yearly.profit_reverse, name="profit-reverse"),
    path("sharing/calculator/", calculator.sharing_calculator, name="sharing-calculator"),
    path("sharing/plans/<str:code>/", plans.plan_detail, name="plan-detail"),
    path("sharing/plans/<str:code>/change/", plans.plan_change, name="plan-change"),
    path("sharing/plans/<str:code>/agreement/", plans.plan_agreement, name="plan-agreement"),
    path("sharing/plans/<str:code>/return/", plans.plan_return, name="plan-return"),
    path("sharing/plans/<str:code>/withdraw/", plans.plan_withdraw, name="plan-withdraw"),
    path("sharing/plans/<str:code>/move/<slug:verb>/", plans.plan_move, name="plan-move"),
    path("sharing/receipts/<str:code>/", payouts.receipt_distribute, name="receipt-distribute"),
    path("sharing/distributions/<str:code>/", payouts.distribution_detail, name="distribution-detail"),
    path("sharing/lines/<str:code>/pay/", payouts.line_pay, name="line-pay"),
    path("sharing/lines/<str:code>/reclaim/", payouts.line_reclaim, name="line-reclaim"),
    path("sharing/lines/<str:code>/correct/", payouts.line_correct, name="line-correct"),
    path("sharing/fees/", statements.fee_list, name="fee-list"),
    path("sharing/statements/", statements.statement_list, name="statement-list"),
    path("sharing/statements/<str:code>/", statements.statement_detail, name="statement-detail"),
    path("sharing/statements/<str:code>/pdf/", statements.statement_pdf, name="statement-pdf"),
]
