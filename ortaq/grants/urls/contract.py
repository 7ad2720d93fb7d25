from django.urls import path

from ortaq.grants.views import contract as views

urlpatterns = [
    path("outcomes/<int:pk>/contract/", views.draft, name="contract_draft"),
]
