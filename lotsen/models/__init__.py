"""The tables, one file a noun."""

from lotsen.models.absence import Absence
from lotsen.models.account import Account
from lotsen.models.api_token import ApiToken
from lotsen.models.audit import AccessEntry, AuditEntry
from lotsen.models.checkin import CheckIn
from lotsen.models.counter import Counter
from lotsen.models.cover import Cover
from lotsen.models.figures import QuarterFigures as QuarterFigures
from lotsen.models.guide import Guide
from lotsen.models.importing import ImportBatch, ImportKind, ImportStage
from lotsen.models.job import JobRun
from lotsen.models.mail import Mail, MailState
from lotsen.models.match_run import MatchRun, Stage
from lotsen.models.meeting import Appointment, Meeting
from lotsen.models.message import Message
from lotsen.models.move import Move, MoveState
from lotsen.models.municipality import Municipality, Neighbour, OfficeLogo, Territory
from lotsen.models.name_key import NameKey
from lotsen.models.note import Note
from lotsen.models.override import Override
from lotsen.models.pairing import Event, Pairing
from lotsen.models.paper import CalendarFeed, Certificate
from lotsen.models.person import Consent, Person
from lotsen.models.referral import Referral, Referrer, ServiceRating
from lotsen.models.request import Request
from lotsen.models.second_factor import Authenticator, Passkey, RecoveryCode
from lotsen.models.sign_in import Link, LinkKind, Method, SignIn
from lotsen.models.single_sign_on import SingleSignOn
from lotsen.models.task import Task
from lotsen.models.wording import Review, Wording

__all__ = [
    "Absence", "AccessEntry", "Account", "ApiToken", "Appointment", "AuditEntry", "Authenticator", "CalendarFeed",
    "Certificate", "CheckIn", "Consent", "Counter", "Cover", "Event", "Guide", "ImportBatch", "ImportKind",
    "ImportStage", "JobRun", "Link", "LinkKind", "Mail", "MailState", "MatchRun", "Meeting", "Message", "Method",
    "Move", "MoveState", "Municipality", "NameKey", "Neighbour", "Note", "OfficeLogo", "Override", "Pairing", "Passkey",
    "Person", "RecoveryCode", "Referral", "Referrer", "Request", "Review", "ServiceRating", "SignIn", "SingleSignOn",
    "Stage", "Task", "Territory", "Wording",
]  # fmt: skip
