from django.urls import path

from ortaq.oversight.views import collected as views

period = "oversight/collected/<int:year>/<slug:period>/"
one = "oversight/collected/reports/<int:pk>/"
urlpatterns = [
    path("oversight/collected/", views.collected, name="collected"),
    path(one, views.report, name="collected_report"),
    path(f"{one}<slug:step>/", views.take, name="collected_step"),
    path(f"{one}rounds/<int:number>/", views.changes, name="collected_changes"),
    path(
        "oversight/collected/annex-3/<int:year>/<slug:issue>/<slug:languages>.xlsx",
        views.annex_3,
        name="collected_annex_3",
    ),
    path(period, views.collected, name="collected_period"),
    path(f"{period}sources/", views.sources, name="collected_sources"),
    path(f"{period}annex-9-<slug:languages>.xlsx", views.annex_9, name="collected_annex_9"),
]
