"""Every kind of letter and paper that can be typeset, with the data that it needs."""

from typing import Final

from bureau import benefit_letter_data, letter_data
from bureau.access_slip_data import AccessSlip
from bureau.figures_data import Figures
from bureau.scorecard_data import Scorecard

LETTERS: Final[dict[str, type[letter_data.Letter]]] = {
    "receipt": letter_data.Receipt,
    "commitment": letter_data.Commitment,
    "authorisation": letter_data.Authorisation,
    "promise": letter_data.PromiseOfPapers,
    "check_report": letter_data.CheckReport,
    "household_copy": letter_data.HouseholdCopy,
    "approval": letter_data.Approval,
    "refusal": letter_data.Refusal,
    "public_notice": letter_data.PublicNotice,
    "return_notice": letter_data.ReturnNotice,
    "correction_request": letter_data.CorrectionRequest,
    "objection_answer": letter_data.ObjectionAnswer,
    "scorecard": Scorecard,
    "figures": Figures,  # no letter: it is kept as an export, without a number of its own
    "access_slip": AccessSlip,
    "home_offer": benefit_letter_data.HomeOffer,
    "lease": benefit_letter_data.Lease,
    "order_to_leave": benefit_letter_data.OrderToLeave,
    "rent_reminder": benefit_letter_data.RentReminder,
    "subsidy_notice": benefit_letter_data.SubsidyNotice,
    "review_notice": benefit_letter_data.ReviewNotice,
    "credit_proposal": letter_data.CreditLetter,
    "credit_notice": letter_data.CreditLetter,
    "credit_announcement": letter_data.CreditLetter,
    "credit_cure": letter_data.CreditLetter,
    "credit_record": letter_data.CreditLetter,
    "credit_repair": letter_data.CreditLetter,
    "credit_lawyer": letter_data.CreditLetter,
    "credit_release": letter_data.CreditLetter,
}
