from django.urls import path, re_path

from .views import about, dashboard, desk, home, late, money, ngo, search, tenge, way, work, year

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("year/<int:year>/", year.year, name="year"),
    path("money/", money.money, name="money"),
    path("money/table.csv", money.table, name="money_table"),
    path("money/records/", money.records, name="records"),
    path("regions/<slug:code>/", about.region, name="region"),
    re_path(r"^bodies/(?P<bin>[0-9]{12})/$", about.body, name="body"),
    path("fields/<slug:code>/", about.field, name="field"),
    path("late/", late.late, name="late"),
    path("reports-of-state-bodies/", late.reports, name="reports"),
    path("from-need-to-contract/", way.ways, name="ways"),
    path("from-need-to-contract/<int:pk>/", way.way, name="way"),
    path("tenge/order/<int:pk>/", tenge.order, name="tenge_order"),
    path("tenge/grant/<int:pk>/", tenge.grant, name="tenge_grant"),
    path("tenge/contract/<int:pk>/", tenge.contract, name="tenge_contract"),
    re_path(r"^ngos/(?P<bin>[0-9]{12})/$", ngo.ngo, name="ngo"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("desk/", desk.desk, name="desk"),
    path("work/", work.works, name="works"),
    path("work/ask/<slug:kind>/", work.ask_for_work, name="ask_for_work"),
    path("work/<uuid:pk>/", work.one_work, name="work"),
    path("work/<uuid:pk>/cancel/", work.cancel_work, name="cancel_work"),
    path("work/<uuid:pk>/result/", work.work_result, name="work_result"),
    path("calendar/<str:token>.ics", desk.calendar_feed, name="calendar"),
    path("calendar/renew/", desk.renew_calendar, name="renew_calendar"),
]
