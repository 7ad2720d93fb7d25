from django.urls import path

from ortaq.projects.views import expense, money, pay

one = "projects/<int:pk>/money/"
spent = f"{one}expenses/"
urlpatterns = [
    path(one, money.money, name="money"),
    path(f"{one}estimate.xlsx", money.table, name="estimate_table"),
    path(f"{one}estimate/", money.working_estimate, name="working_estimate"),
    path(f"{one}estimate/<slug:step>/", money.working_estimate_step, name="working_estimate_step"),
    path(f"{one}tranches/", money.tranches, name="tranches"),
    path(f"{one}tranches/<slug:step>/", money.tranche_step, name="tranche_step"),
    path(f"{one}payroll/", pay.payroll, name="payroll"),
    path(f"{one}payroll/new/", pay.new, name="pay_new"),
    path(f"{one}payroll.xlsx", pay.table, name="payroll_table"),
    path(spent, expense.expenses, name="expenses"),
    path(f"{one}expenses.xlsx", expense.table, name="expense_table"),
    path(f"{spent}new/", expense.new, name="expense_new"),
    path(f"{spent}check/", expense.check, name="expense_check"),
    path(f"{spent}admit/", expense.admit, name="expenses_admit"),
    path(f"{spent}<int:number>/", expense.expense, name="expense"),
    path(f"{spent}<int:number>/scan/", expense.scan, name="expense_scan"),
    path(f"{spent}<int:number>/<slug:step>/", expense.take, name="expense_step"),
]
