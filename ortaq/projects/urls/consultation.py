from django.urls import path

from ortaq.projects.views import consultation as views

all_ = "projects/<int:pk>/consultations/"
urlpatterns = [
    path(all_, views.consultations, name="consultations"),
    path(f"{all_}new/", views.new, name="consultation_new"),
    path(f"{all_}follow-up/", views.follow, name="consultation_follow"),
    path(f"{all_}<int:number>/", views.line, name="consultation"),
    path(f"{all_}<int:number>/strike/", views.strike, name="consultation_strike"),
    path(f"{all_}journal.<slug:language>.<slug:kind>", views.paper, name="consultation_journal"),
]
