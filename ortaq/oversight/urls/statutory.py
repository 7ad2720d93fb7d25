from django.urls import path

from ortaq.oversight.views import account, implementation
from ortaq.oversight.views import statutory as views

one = "oversight/reports/<int:pk>/"
in_round = f"{one}rounds/<int:number>/"
public = "implementation/<int:pk>/"
paper = "<slug:language>.<slug:kind>"
urlpatterns = [
    path("oversight/reports/", views.statutories, name="statutories"),
    path(one, views.statutory, name="statutory"),
    path(f"{one}submit/", views.submit, name="statutory_submit"),
    path(f"{one}answers/", views.answers, name="statutory_answers"),
    path(in_round, views.statutory_round, name="statutory_round"),
    path(
        f"{in_round}figures/<int:project>/<slug:name>/",
        views.statutory_figure,
        name="statutory_figure",
    ),
    path(f"{in_round}annex-9-{paper}", views.statutory_paper, name="statutory_paper"),
    path("oversight/projects/<int:pk>/accounts/", account.accounts, name="accounts"),
    path("oversight/projects/<int:pk>/accounts/<int:year>/", account.account, name="account"),
    path("oversight/implementation/", implementation.years, name="implementation_years"),
    path(
        "oversight/implementation/<int:body>/<int:year>/",
        implementation.prepare,
        name="implementation_prepare",
    ),
    path("implementation/", implementation.published, name="implementations"),
    path(public, implementation.information, name="implementation"),
    path(
        f"{public}figures/<int:project>/<slug:name>/",
        implementation.information_figure,
        name="implementation_figure",
    ),
    path(f"{public}annex-5-{paper}", implementation.paper, name="implementation_paper"),
]
