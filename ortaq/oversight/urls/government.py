from django.urls import path

from ortaq.oversight.views import government as views

one = "oversight/government/<int:pk>/"
urlpatterns = [
    path("oversight/government/", views.informations, name="governments"),
    path(one, views.information, name="government"),
    path(f"{one}send/", views.send, name="government_send"),
    path(f"{one}sources/", views.sources, name="government_sources"),
    path(
        f"{one}information-<slug:language>.<slug:kind>",
        views.paper,
        name="government_paper",
    ),
]
