"""Addresses of performance."""

from django.urls import path

from marketplace.contracts.performance import views

urlpatterns = [
    path("contracts/<str:code>/performance/", views.performance_detail, name="performance-detail"),
    path("contracts/<str:code>/milestones/plan/", views.milestone_plan, name="milestone-plan"),
    path("contracts/<str:code>/terminate/", views.termination_propose, name="termination-propose"),
    path("contracts/<str:code>/breach/", views.termination_declare, name="termination-declare"),
    path("milestones/<str:code>/report/", views.milestone_report, name="milestone-report"),
    path("milestones/<str:code>/accept/", views.milestone_accept, name="milestone-accept"),
    path("milestones/<str:code>/refuse/", views.milestone_refuse, name="milestone-refuse"),
    path("milestones/<str:code>/drop/", views.milestone_drop, name="milestone-drop"),
    path("terminations/<str:code>/answer/", views.termination_answer, name="termination-answer"),
    path("terminations/<str:code>/withdraw/", views.termination_withdraw, name="termination-withdraw"),
]
