from django.urls import path

from . import views

app_name = "signing"
urlpatterns = [
    path("signing/<str:occasion>/<int:pk>/", views.sign, name="sign"),
    path("signing/<str:occasion>/<int:pk>/manifest.json", views.manifest, name="manifest"),
    path("signing/<str:occasion>/<int:pk>/package.zip", views.package, name="package"),
]
