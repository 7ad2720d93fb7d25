from django.urls import path

from ortaq.oversight.views import engagement as views

one = "oversight/engagements/<int:pk>/"
urlpatterns = [
    path(one, views.engagement, name="engagement"),
    path(f"{one}<slug:step>/", views.take, name="engagement_step"),
    path(f"{one}notices/<int:number>/<slug:language>.<slug:kind>", views.notice, name="notice"),
]
