"""What can go wrong with a case, in words fit for the person at the screen.

Mapped to pages and API answers once, at the roof.
"""


class CaseError(Exception):
    """Something that a person asked for cannot be done; the text says why and what to do. `code` is for programs."""

    code = "case_error"

    def __init__(self, message: object, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message)


class MoveRefusedError(CaseError):
    """A move that the table of moves does not allow now: the case has gone on, or something is still missing (409)."""

    code = "not_now"


class NotAllowedError(CaseError):
    """This person may see the case but may not do this to it (403)."""

    code = "not_allowed"


class StaleError(CaseError):
    """Somebody else changed it after the page was opened (409). Nothing was written."""

    code = "stale"


class UnfitDataError(CaseError):
    """What was given cannot be accepted; `fields` says per field what to correct (422)."""

    code = "invalid"

    def __init__(self, message: object, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}
