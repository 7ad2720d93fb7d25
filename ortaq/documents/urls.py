from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("forms/", views.all_forms, name="forms"),
    path("forms/<slug:edition>/<slug:form>/", views.one_form, name="form"),
    path(
        "forms/<slug:edition>/<slug:form>.<slug:language>.<slug:kind>",
        views.blank_form,
        name="blank",
    ),
]
