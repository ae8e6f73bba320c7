"""The addresses of lists, case pages and desks, under /applications/."""

from django.urls import path

from applications.views import case, check, decision, desk, notice, queue

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("<str:reference>/overview/", case.overview, name="case"),
    path("<str:reference>/household/", case.household, name="case_household"),
    path("<str:reference>/household/<slug:key>/reveal/", case.reveal, name="case_reveal"),
    path("<str:reference>/check/", case.check, name="case_check"),
    path("<str:reference>/statement/", case.statement, name="case_statement"),
    path("<str:reference>/review/", desk.review, name="case_review"),
    path("<str:reference>/papers/", case.papers, name="case_papers"),
    path("<str:reference>/documents/", case.documents, name="case_documents"),
    path("<str:reference>/timeline/", case.timeline, name="case_timeline"),
    path("<str:reference>/audit/", case.access_log, name="case_audit"),
    path("<str:reference>/opinion/", desk.opinion, name="case_opinion"),
    path("<str:reference>/withdraw/", desk.withdraw, name="case_withdraw"),
    path("<str:reference>/order/", check.order, name="case_order"),
    path("<str:reference>/grant/", decision.grant, name="case_grant"),
    path("<str:reference>/refuse/", decision.refuse, name="case_refuse"),
    path("<str:reference>/recheck/", decision.recheck, name="case_recheck"),
    path("<str:reference>/objections/", notice.object_to, name="case_object"),
    path("<str:reference>/objections/<int:pk>/answer/", notice.answer, name="case_answer"),
]
