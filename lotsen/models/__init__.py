"""The tables, one file a noun."""

from lotsen.models.account import Account
from lotsen.models.audit import AuditEntry
from lotsen.models.checkin import CheckIn
from lotsen.models.guide import Guide
from lotsen.models.job import JobRun
from lotsen.models.mail import Mail, MailState
from lotsen.models.match_run import MatchRun, Stage
from lotsen.models.meeting import Appointment, Meeting
from lotsen.models.message import Message
from lotsen.models.municipality import Municipality, Neighbour, Territory
from lotsen.models.override import Override
from lotsen.models.pairing import Event, Pairing
from lotsen.models.paper import CalendarFeed, Certificate
from lotsen.models.person import Consent, Person
from lotsen.models.referral import Referral, Referrer
from lotsen.models.request import Request
from lotsen.models.task import Task

__all__ = [
    "Account", "Appointment", "AuditEntry", "CalendarFeed", "Certificate", "CheckIn", "Consent", "Event", "Guide",
    "JobRun", "Mail", "MailState", "MatchRun", "Meeting", "Message", "Municipality", "Neighbour", "Override",
    "Pairing", "Person", "Referral", "Referrer", "Request", "Stage", "Task", "Territory",
]  # fmt: skip
