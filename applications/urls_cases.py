"""The addresses of lists, case pages and desks, and of the notice board."""

from django.urls import path

from applications.views import (
    access_slip,
    authorisation,
    case,
    check,
    copy,
    decision,
    desk,
    employers,
    notice,
    queue,
    referral,
    result_objection,
    rounds,
    supplement,
)

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("rounds/new/", rounds.open_round, name="round_open"),
    path("<slug:reference>/", case.overview, name="case"),
    path("<slug:reference>/household/", case.household, name="case_household"),
    path("<slug:reference>/household/<slug:key>/reveal/", case.reveal, name="case_reveal"),
    path(
        "<slug:reference>/household/<slug:key>/withdraw-authorisation/",
        authorisation.withdraw,
        name="case_withdraw_authorisation",
    ),
    path("<slug:reference>/check/", case.check, name="case_check"),
    path("<slug:reference>/statement/", case.statement, name="case_statement"),
    path("<slug:reference>/copy/", copy.copy, name="case_copy"),
    path("<slug:reference>/copy/print/", copy.copy_print, name="case_copy_print"),
    path("<slug:reference>/review/", desk.review, name="case_review"),
    path("<slug:reference>/papers/", case.papers, name="case_papers"),
    path("<slug:reference>/documents/", case.documents, name="case_documents"),
    path("<slug:reference>/timeline/", case.timeline, name="case_timeline"),
    path("<slug:reference>/audit/", case.access_log, name="case_audit"),
    path("<slug:reference>/opinion/", desk.opinion, name="case_opinion"),
    path("<slug:reference>/withdraw/", desk.withdraw, name="case_withdraw"),
    path("<slug:reference>/order/", check.order, name="case_order"),
    path("<slug:reference>/grant/", decision.grant, name="case_grant"),
    path("<slug:reference>/refuse/", decision.refuse, name="case_refuse"),
    path("<slug:reference>/recheck/", decision.recheck, name="case_recheck"),
    path("<slug:reference>/supply/<int:pk>/", supplement.supply, name="case_supply"),
    path("<slug:reference>/refer/", referral.refer, name="case_refer"),
    path("<slug:reference>/result-objection/", result_objection.object_to, name="case_object_to_result"),
    path("<slug:reference>/objections/", notice.object_to, name="case_object"),
    path("<slug:reference>/objections/<int:pk>/answer/", notice.answer, name="case_answer"),
]
employers_board = [
    path("", employers.board, name="employers"),
    path("<slug:code>/", employers.employer, name="employer"),
    path("<slug:code>/lead/", employers.open_lead, name="employer_lead"),
]
notices = [path("", notice.board, name="notices")]

access_slips = [
    path("", access_slip.ask, name="access_slips"),
    path("<str:number>/", access_slip.slip, name="access_slip"),
]
