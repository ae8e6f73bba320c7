"""Every periodic task in one table, in the order in which a case meets them.

A missed turn costs a delay and nothing else.
"""

SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "applications.fill_due_rounds": 10.0,
        "verification.ask_due_canaries": 2.0,
        "verification.ask_due_inquiries": 2.0,
        "verification.settle_due_checks": 15.0,
        "verification.assess_due_checks": 2.0,
        "verification.watch_due_rounds": 5.0,
        "verification.spread_due_doubts": 5.0,
        "applications.take_up_due_checks": 5.0,
        "applications.take_up_due_objections": 5.0,
        "applications.close_due_notices": 60.0,
        "applications.sum_due_stays": 3600.0,
        "benefits.register_due_turns": 60.0,
        "benefits.grant_due_subsidies": 60.0,
        "benefits.lapse_due_offers": 3600.0,
        "benefits.bill_due_rents": 3600.0,
        "benefits.notify_due_reviews": 60.0,
        "benefits.order_due_reviews": 60.0,
        "benefits.remind_due_reviews": 3600.0,
        "benefits.take_up_due_reviews": 60.0,
        "benefits.refer_due_stays": 3600.0,
        "benefits.chase_due_arrears": 3600.0,
        "bureau.typeset_due_documents": 5.0,
        "verification.freeze_due_months": 3600.0,
        "verification.go_on_with_due_trials": 10.0,
        "credit.release_due_sanctions": 60.0,
        "credit.send_due_events": 5.0,
        "credit.make_due_batches": 600.0,
        "credit.take_down_due_announcements": 300.0,
        "housing_credit.make_due_exports": 30.0,
    }.items()
}
