from django.urls import path

from ortaq.grants.views import plan as views

urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("plans/new/", views.new_plan, name="plan_new"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/export.csv", views.export, {"kind": "csv"}, name="plan_csv"),
    path("plans/<int:pk>/export.xlsx", views.export, {"kind": "xlsx"}, name="plan_xlsx"),
    path("plans/<int:pk>/changes/", views.changes, name="plan_changes"),
    path("plans/<int:pk>/draft/", views.new_draft, name="plan_draft"),
    path("plans/<int:pk>/import/", views.import_table, name="plan_import"),
    path("plans/<int:pk>/approve/", views.approve, name="plan_approve"),
    path("plans/<int:pk>/discard/", views.discard, name="plan_discard"),
    path("plans/<int:pk>/topics/new/", views.add_topic, name="topic_new"),
    path("topics/<int:pk>/", views.topic, name="topic"),
    path("topics/<int:pk>/edit/", views.edit_topic, name="topic_edit"),
    path("topics/<int:pk>/copy/", views.copy_topic, name="topic_copy"),
]
