from django.urls import path

from ortaq.grants.views import check as views

urlpatterns = [
    path("applications/<int:pk>/check/", views.check, name="check"),
    path("applications/<int:pk>/check/items/<slug:item>/", views.check_item, name="check_item"),
    path("applications/<int:pk>/check/proposed/", views.check_proposed, name="check_proposed"),
    path("applications/<int:pk>/check/decide/", views.decide, name="check_decide"),
]
