"""The addresses of the registry. Leads and cases go by their number; nothing of a person stands in an address."""

from django.urls import path

from credit.views import announcements, cases, feeds, leads, partner_boards, partners, registry

app_name = "credit"

urlpatterns = [
    path("registry/", registry.search, name="registry"),
    path("registry/files/<int:pk>/", registry.file, name="file"),
    path("feeds/", feeds.feed_list, name="feeds"),
    path("feeds/batches/<str:batch>/", feeds.batch_page, name="batch"),
    path("feeds/batches/<str:batch>/file/", feeds.batch_file, name="batch_file"),
    path("feeds/batches/<str:batch>/rejected/", feeds.resend_rejected, name="batch_rejected"),
    path("feeds/batches/<str:batch>/anew/", feeds.resend_all, name="batch_anew"),
    path("feeds/reconciliations/<int:pk>/", feeds.reconciliation_page, name="reconciliation"),
    path("feeds/reconciliations/<int:pk>/correct/", feeds.correct, name="reconciliation_correct"),
    path("feeds/<slug:code>/", feeds.receiver_page, name="feed"),
    path("feeds/<slug:code>/make/", feeds.make, name="feed_make"),
    path("feeds/<slug:code>/receipt/", feeds.receipt, name="feed_receipt"),
    path("feeds/<slug:code>/reconcile/", feeds.reconcile, name="feed_reconcile"),
    path("leads/", leads.lead_list, name="leads"),
    path("leads/new/", leads.new_lead, name="lead_new"),
    path("leads/<str:number>/", leads.lead_page, name="lead"),
    path("leads/<str:number>/dismiss/", leads.dismiss, name="dismiss"),
    path("announcements/", announcements.announcement_list, name="announcements"),
    path("announcements/running/", announcements.running, name="running_announcements"),
    path("announcements/<str:number>/", announcements.announcement_page, name="announcement"),
    path("announcements/<str:number>/confirm/", announcements.confirm, name="confirm_announcement"),
    path("announcements/<str:number>/return/", announcements.send_back, name="return_announcement"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/<str:number>/", cases.case_page, name="case"),
    path("cases/<str:number>/evidence/<int:pk>/", cases.scan, name="evidence_scan"),
    path("cases/<str:number>/<slug:name>/", cases.deed, name="deed"),
    path("partners/", partners.partner_list, name="partners"),
    path("partners/<slug:code>/", partners.partner_page, name="partner"),
    path("partners/<slug:code>/grants/", partners.add_grant, name="grant_add"),
    path("partners/<slug:code>/keys/", partners.issue_key, name="key_issue"),
    path("partners/<slug:code>/webhook/", partners.webhook_secret, name="webhook_secret"),
    path("grants/<int:pk>/end/", partners.end_grant, name="grant_end"),
    path("keys/<int:pk>/renew/", partners.rotate_key, name="key_rotate"),
    path("keys/<int:pk>/revoke/", partners.revoke_key, name="key_revoke"),
    path("queries/", partner_boards.queries, name="queries"),
    path("deliveries/", partner_boards.dead_deliveries, name="deliveries"),
    path("deliveries/<int:pk>/resend/", partner_boards.resend, name="resend"),
    path("still-applied/", partner_boards.still_applied, name="still_applied"),
]
