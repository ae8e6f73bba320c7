"""Who calls what makes a lead or a case: reviewed one by one. Whoever adds a door adds it here, with its why."""

MAKERS = {
    "leads.take": {
        "applications/employers.py": "contradicted by findings that persons have confirmed",
        "applications/referrals.py": "a finding that a person has confirmed",
        "benefits/chasing.py": "rent in arrears, from our own books",
        "benefits/duties.py": "a confirmed finding of a review; silence and staying on, from our own books",
        "benefits/visits.py": "what a visitor found and another person has confirmed",
        "credit/views/leads.py": "a report by hand, of no finding",
    },
    "leads.open_case": {
        "credit/views/leads.py": "a credit officer opens a case",
        "housing_credit/replay/recording.py": "the credit officer of the replay, in an arena",
    },
    "Lead.objects.create": {"credit/leads.py": "take"},
    "Case.objects.create": {"credit/leads.py": "open_case"},
}
