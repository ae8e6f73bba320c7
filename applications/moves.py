"""The life of an application on one screen: who may move it, from where to where, and what must be so first."""

from django.utils.translation import gettext_lazy

from applications.guards import (
    DESK_ROLES,
    every_adult_authorises,
    every_member_signed,
    has_concluded,
    no_objection_to_result,
    no_open_objection,
    no_relative_of,
    nobody_applies_elsewhere,
    nobody_is_barred,
    not_concluded_by,
    not_keyed_by,
    not_objected_before,
    not_signed_by,
    own_desk,
    own_window,
)
from applications.models import Application
from bureau.moves import Move
from bureau.roles import Role, Tier

S = Application.Status
DESK = (not_keyed_by, not_signed_by, no_relative_of)
CITY = (not_keyed_by, no_relative_of)
DECIDE = (*CITY, not_signed_by, not_concluded_by)
READY_TO_CHECK = (nobody_is_barred, every_adult_authorises)
UNDER_REVIEW = (S.AT_STREET, S.AT_DISTRICT, S.AT_CITY)
BEFORE_DECISION = (*UNDER_REVIEW, S.CHECK_DUE, S.CHECKING, S.CHECKED, S.ON_NOTICE, S.RETURNED)

SUBMIT = Move(
    "submit",
    gettext_lazy("Submit"),
    {S.DRAFT: S.AT_STREET, S.RETURNED: S.AT_STREET},
    who=frozenset({Role.CLERK}),
    may=(own_window,),
    needs=(every_member_signed,),
    tone="primary",
)
RESUBMIT_TO_DISTRICT = Move(
    "resubmit_to_district",
    SUBMIT.label,
    {S.RETURNED: S.AT_DISTRICT},
    who=SUBMIT.who,
    may=SUBMIT.may,
    needs=SUBMIT.needs,
)
RESUBMIT_TO_CITY = Move(
    "resubmit_to_city", SUBMIT.label, {S.RETURNED: S.AT_CITY}, who=SUBMIT.who, may=SUBMIT.may, needs=SUBMIT.needs
)
DISCARD = Move(
    "discard",
    gettext_lazy("Discard the draft"),
    {S.DRAFT: S.DISCARDED},
    who=frozenset({Role.CLERK}),
    may=(own_window,),
    tone="danger",
)
FORWARD = Move(
    "forward",
    gettext_lazy("Agree and forward"),
    {S.AT_STREET: S.AT_DISTRICT, S.AT_DISTRICT: S.AT_CITY, S.AT_CITY: S.CHECK_DUE},
    who=DESK_ROLES,
    may=DESK,
    needs=(own_desk, nobody_is_barred),
    tone="primary",
)
RETURN = Move(
    "return",
    gettext_lazy("Return for correction"),
    dict.fromkeys(UNDER_REVIEW, S.RETURNED),
    who=DESK_ROLES,
    may=DESK,
    needs=(own_desk,),
)
REJECT = Move(
    "reject",
    gettext_lazy("Reject"),
    dict.fromkeys(UNDER_REVIEW, S.REJECTED),
    who=DESK_ROLES,
    may=DESK,
    needs=(own_desk,),
    tone="danger",
)
ORDER = Move(
    "order",
    gettext_lazy("Order the check"),
    {S.CHECK_DUE: S.CHECKING},
    who=frozenset({Role.CHECK_OFFICER}),
    may=CITY,
    needs=READY_TO_CHECK,
    tone="primary",
)
ORDER_IN_ROUND = Move(
    "order_in_round", gettext_lazy("Order the check in a round"), {S.CHECK_DUE: S.CHECKING}, needs=READY_TO_CHECK
)
TAKE_UP = Move("take_up", gettext_lazy("Check concluded"), {S.CHECKING: S.CHECKED})
CHECK_FELL_THROUGH = Move("check_fell_through", gettext_lazy("Check cancelled"), {S.CHECKING: S.CHECK_DUE})
RECHECK = Move(
    "recheck",
    gettext_lazy("Have it checked again"),
    {S.CHECKED: S.CHECK_DUE, S.ON_NOTICE: S.CHECK_DUE},
    who=frozenset({Role.HOUSING_OFFICER}),
    may=CITY,
    needs=(no_objection_to_result,),
)
OBJECT = Move(
    "object_to_result",
    gettext_lazy("Object to the result"),
    {S.CHECKED: S.CHECKED, S.ON_NOTICE: S.ON_NOTICE, S.REFUSED: S.REFUSED},
    who=frozenset({Role.CLERK}),
    may=(own_window,),
    needs=(no_objection_to_result, not_objected_before),
)
TAKE_UP_RECHECK = Move(
    "take_up_recheck",
    gettext_lazy("To be decided anew after an objection"),
    {S.CHECKED: S.CHECKED, S.ON_NOTICE: S.CHECKED, S.REFUSED: S.CHECKED},
    needs=(nobody_applies_elsewhere,),
)
PUBLISH = Move(
    "publish",
    gettext_lazy("Grant and publish"),
    {S.CHECKED: S.ON_NOTICE},
    who=frozenset({Role.HOUSING_OFFICER}),
    may=DECIDE,
    needs=(
        no_objection_to_result,
        has_concluded("fit", gettext_lazy("Only a household found fit can be granted a benefit.")),
        nobody_is_barred,
    ),
    tone="primary",
)
REFUSE = Move(
    "refuse",
    gettext_lazy("Refuse"),
    {S.CHECKED: S.REFUSED},
    who=frozenset({Role.HOUSING_OFFICER}),
    may=DECIDE,
    needs=(
        no_objection_to_result,
        has_concluded("unfit", gettext_lazy("Only a household found unfit, on a confirmed finding, can be refused.")),
    ),
    tone="danger",
)
APPROVE = Move(
    "approve",
    gettext_lazy("Approve"),
    {S.ON_NOTICE: S.APPROVED},
    needs=(no_open_objection, no_objection_to_result, nobody_is_barred),
)
CLOSE = Move("close", gettext_lazy("Benefit ended"), {S.APPROVED: S.CLOSED})
WITHDRAW = Move(
    "withdraw",
    gettext_lazy("Withdraw the application"),
    dict.fromkeys(BEFORE_DECISION, S.WITHDRAWN),
    who=frozenset({Role.CLERK}),
    may=(own_window,),
    tone="danger",
)

TABLE = (
    SUBMIT,
    RESUBMIT_TO_DISTRICT,
    RESUBMIT_TO_CITY,
    DISCARD,
    FORWARD,
    RETURN,
    REJECT,
    ORDER,
    ORDER_IN_ROUND,
    TAKE_UP,
    CHECK_FELL_THROUGH,
    RECHECK,
    OBJECT,
    TAKE_UP_RECHECK,
    PUBLISH,
    REFUSE,
    APPROVE,
    CLOSE,
    WITHDRAW,
)
RESUBMIT = {S.AT_DISTRICT: RESUBMIT_TO_DISTRICT, S.AT_CITY: RESUBMIT_TO_CITY}
TIER_OF = {S.AT_STREET: Tier.STREET, S.AT_DISTRICT: Tier.DISTRICT, S.AT_CITY: Tier.CITY}
