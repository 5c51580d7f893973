"""Addresses of performance."""

from django.urls import path

from marketplace.contracts.performance import end_views, views

urlpatterns = [
    path("contracts/<str:code>/performance/", views.performance_detail, name="performance-detail"),
    path("contracts/<str:code>/milestones/plan/", views.milestone_plan, name="milestone-plan"),
    path("contracts/<str:code>/terminate/", end_views.termination_propose, name="termination-propose"),
    path("contracts/<str:code>/breach/", end_views.termination_declare, name="termination-declare"),
    path("milestones/<str:code>/report/", views.milestone_report, name="milestone-report"),
    path("milestones/<str:code>/accept/", views.milestone_accept, name="milestone-accept"),
    path("milestones/<str:code>/refuse/", views.milestone_refuse, name="milestone-refuse"),
    path("milestones/<str:code>/drop/", views.milestone_drop, name="milestone-drop"),
    path("terminations/<str:code>/answer/", end_views.termination_answer, name="termination-answer"),
    path("terminations/<str:code>/withdraw/", end_views.termination_withdraw, name="termination-withdraw"),
    path("terminations/<str:code>/decide/", end_views.termination_decide, name="termination-decide"),
]
