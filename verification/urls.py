"""The addresses of the check centre. A check is addressed by its number; nothing of a person stands in an address."""

from django.urls import path

from verification.views import acts, board, holds, lists, reading, round_lists, rounds, scorecards, standards, trials

app_name = "verification"

urlpatterns = [
    path("", reading.checks, name="list"),
    path("board/", board.board, name="board"),
    path("board/<slug:code>/", board.source, name="board_source"),
    path("board/<slug:code>/ask-again/", board.ask_again, name="board_ask_again"),
    path("board/<slug:code>/hold/", board.hold, name="board_hold"),
    path("board/<slug:code>/lists/", lists.export, name="board_export"),
    path("board/<slug:code>/lists/<str:list_number>/", lists.request_list, name="board_list"),
    path("board/<slug:code>/lists/<str:list_number>/file/", lists.file, name="board_list_file"),
    path("board/<slug:code>/lists/<str:list_number>/upload/", lists.upload, name="board_list_upload"),
    path("board/<slug:code>/lists/<str:list_number>/bring-in/", lists.bring_in, name="board_list_bring_in"),
    path("board/<slug:code>/lists/<str:list_number>/take-back/", lists.take_back, name="board_list_take_back"),
    path("scorecard/", scorecards.month, name="scorecard"),
    path("scorecard/<slug:code>/", scorecards.source, name="scorecard_source"),
    path("scorecard/<slug:code>/failed/", scorecards.failed, name="scorecard_failed"),
    path("scorecard/<slug:code>/contradicted/", scorecards.contradicted, name="scorecard_contradicted"),
    path("rounds/", rounds.round_list, name="rounds"),
    path("rounds/holds/<int:pk>/release/", holds.release, name="release"),
    path("rounds/<str:number>/", rounds.round_page, name="round"),
    path("rounds/<str:number>/progress/", rounds.round_progress, name="round_progress"),
    path("rounds/<str:number>/changes/", round_lists.changes, name="round_changes"),
    path("rounds/<str:number>/near/", round_lists.near, name="round_near"),
    path("rounds/<str:number>/pause/", rounds.pause, name="round_pause"),
    path("rounds/<str:number>/resume/", rounds.resume, name="round_resume"),
    path("rounds/<str:number>/close/", rounds.close, name="round_close"),
    path("rounds/<str:number>/cancel/", rounds.cancel, name="round_cancel"),
    path("rounds/<str:number>/hold/<slug:code>/", rounds.hold, name="round_hold"),
    path("standards/", standards.standard_list, name="standards"),
    path("standards/<slug:code>/", standards.standard_page, name="standard"),
    path("standards/<slug:code>/try/", trials.open_trial, name="trial_open"),
    path("standards/<slug:code>/trials/<int:place>/", trials.trial_page, name="trial"),
    path("standards/<slug:code>/trials/<int:place>/progress/", trials.trial_progress, name="trial_progress"),
    path("standards/<slug:code>/trials/<int:place>/households/", trials.households, name="trial_households"),
    path("standards/<slug:code>/trials/<int:place>/export/", trials.export, name="trial_export"),
    path("standards/<slug:code>/trials/<int:place>/sign/", trials.sign, name="trial_sign"),
    path("<str:number>/", reading.check, name="check"),
    path("<str:number>/progress/", reading.progress, name="progress"),
    path("<str:number>/exchanges/<int:pk>/", reading.exchange, name="exchange"),
    path("<str:number>/findings/<int:pk>/confirm/", acts.confirm, name="confirm"),
    path("<str:number>/findings/<int:pk>/dismiss/", acts.dismiss, name="dismiss"),
    path("<str:number>/findings/<int:pk>/reopen/", acts.reopen, name="reopen"),
    path("<str:number>/conclude/", acts.conclude, name="conclude"),
    path("<str:number>/ask-again/", acts.ask_again, name="ask_again"),
    path("<str:number>/cancel/", acts.cancel, name="cancel"),
]
