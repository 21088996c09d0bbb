from django.contrib import admin
from django.urls import path

from ndsadmin.dashboard.views import accounts, brand, entering, home, keys, review, search, sign_in, statements, trail

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("login/", sign_in.login_page, name="login"),
    path("logout/", sign_in.logout_page, name="logout"),
    path("tenants/enter/", entering.switch, name="switch"),
    path("tenants/leave/", entering.leave, name="leave"),
    path("audit/", trail.trail, name="audit"),
    path("audit/complete/", trail.complete, name="audit-complete"),
    path("audit/export/", trail.export, name="audit-export"),
    path("audit/views/", trail.views, name="audit-views"),
    path("audit/review/", review.review, name="audit-review"),
    path("audit/<path:key>/", trail.entry, name="audit-entry"),
    path("brand/", brand.brand, name="brand"),
    path("publishing/accounts/", accounts.accounts, name="accounts"),
    path("publishing/accounts/<path:key>/", accounts.account, name="account"),
    path("operations/keys/", keys.keys, name="keys"),
    path("operations/sql/", statements.statements, name="statements"),
    path("data/", admin.site.urls),
]

handler400 = "ndsadmin.dashboard.views.errors.bad_request"
handler403 = "ndsadmin.dashboard.views.errors.forbidden"
handler404 = "ndsadmin.dashboard.views.errors.not_found"
handler500 = "ndsadmin.dashboard.views.errors.server_error"
