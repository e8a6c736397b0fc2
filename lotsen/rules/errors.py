"""What can go wrong in a use case. Services raise these; web turns each `code` into a sentence."""


class DomainError(Exception):
    """A use case refused. `code` names the sentence that web shows; `details` fill its placeholders."""

    code = "refused"

    def __init__(self, code: str | None = None, /, **details: object) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.details = details


class NotAllowed(DomainError):
    """The pairing's diagram has no such step for this side."""

    code = "not_allowed"


class Conflict(DomainError):
    """Somebody else was faster: the row is no longer what the person saw."""

    code = "conflict"


class NoFreePlace(Conflict):
    """The guide, or the newcomer's request, has no free place any more."""

    code = "no_free_place"


class NotEligible(DomainError):
    """A hard rule forbids this pair. `details["rules"]` lists the codes of what is broken."""

    code = "not_eligible"


class ReasonMissing(DomainError):
    """This step needs a reason from the list."""

    code = "reason_missing"


class NotFound(DomainError):
    """There is no such thing for this actor: foreign and missing look the same."""

    code = "not_found"


class ConsentMissing(DomainError):
    """Nothing is stored without recorded consent."""

    code = "consent_missing"
