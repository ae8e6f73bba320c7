"""The addresses of benefits. Homes, places, tenancies and subsidies go by their number."""

from django.urls import path

from benefits.views import doing, homes, subsidies, tenancies, waiting

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
    path("subsidies/", subsidies.subsidy_list, name="subsidies"),
    path("subsidies/<str:number>/", subsidies.subsidy_page, name="subsidy"),
    path("subsidies/<str:number>/account/", subsidies.reveal, name="subsidy_reveal"),
    path("subsidies/<str:number>/do/<slug:name>/", doing.of_subsidy, name="subsidy_deed"),
    path("subsidies/<str:number>/<slug:part>/", subsidies.subsidy_part, name="subsidy_part"),
]
