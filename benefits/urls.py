"""The addresses of benefits. Homes, places, tenancies and subsidies go by their number."""

from django.urls import path

from benefits.views import accounts, bank, doing, homes, payments, reviews, subsidies, tenancies, visits, waiting

app_name = "benefits"

urlpatterns = [
    path("homes/", homes.home_list, name="homes"),
    path("homes/new/", homes.new_homes, name="homes_new"),
    path("homes/estates/new/", homes.new_estate, name="estate_new"),
    path("homes/<str:number>/", homes.home_page, name="home"),
    path("homes/<str:number>/do/<slug:name>/", doing.of_home, name="home_deed"),
    path("waiting/", waiting.turn_list, name="waiting"),
    path("waiting/<str:number>/", waiting.turn_page, name="turn"),
    path("waiting/<str:number>/do/<slug:name>/", doing.of_turn, name="turn_deed"),
    path("tenancies/", tenancies.tenancy_list, name="tenancies"),
    path("tenancies/<str:number>/", tenancies.tenancy_page, name="tenancy"),
    path("tenancies/<str:number>/do/<slug:name>/", doing.of_tenancy, name="tenancy_deed"),
    path("tenancies/<str:number>/<slug:part>/", tenancies.tenancy_part, name="tenancy_part"),
    path("reviews/", reviews.round_list, name="reviews"),
    path("reviews/new/", reviews.new_round, name="review_new"),
    path("reviews/report/", reviews.find_household, name="review_find"),
    path("reviews/<str:number>/", reviews.round_page, name="review_round"),
    path("reviews/<str:number>/do/<slug:name>/", doing.of_round, name="review_round_deed"),
    path("households/<str:number>/", reviews.review_page, name="review"),
    path("households/<str:number>/do/<slug:name>/", doing.of_review, name="review_deed"),
    path("visits/", visits.visit_list, name="visits"),
    path("visits/new/", visits.new_plan, name="visit_new"),
    path("visits/<str:number>/", visits.visit_page, name="visit"),
    path("visits/<str:number>/do/<slug:name>/", doing.of_visit, name="visit_deed"),
    path("visits/<str:number>/photographs/<int:pk>/", visits.photograph, name="visit_photograph"),
    path("credit-cases/<str:number>/", visits.credit_case, name="credit_case"),
    path("subsidies/", subsidies.subsidy_list, name="subsidies"),
    path("subsidies/<str:number>/", subsidies.subsidy_page, name="subsidy"),
    path("subsidies/<str:number>/account/", subsidies.reveal, name="subsidy_reveal"),
    path("subsidies/<str:number>/do/<slug:name>/", doing.of_subsidy, name="subsidy_deed"),
    path("subsidies/<str:number>/<slug:part>/", subsidies.subsidy_part, name="subsidy_part"),
    path("arrears/", accounts.arrears_list, name="arrears"),
    path("accounts/<str:number>/", accounts.account_page, name="account"),
    path("accounts/<str:number>/do/<slug:name>/", accounts.account_deed, name="account_deed"),
    path("statements/", bank.statement_list, name="statements"),
    path("statements/<str:number>/", bank.statement_page, name="statement"),
    path("statements/<str:number>/lines/<int:row>/", bank.statement_line, name="statement_line"),
    path("payments/", payments.payment_lists, name="payments"),
    path("payments/<str:number>/", payments.payment_page, name="payment"),
    path("payments/<str:number>/receipt/", payments.payment_receipt, name="payment_receipt"),
    path("payments/<str:number>/do/<slug:name>/", payments.payment_deed, name="payment_deed"),
    path("payments/<str:number>/<slug:which>.xlsx", payments.payment_file, name="payment_file"),
]
