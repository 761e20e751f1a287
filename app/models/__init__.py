"""The tables, one file a family: shape, no decisions."""

from app.models.activities import Activity, ContactChannel, activity_goal, activity_topic
from app.models.base import BIGGEST_ID, Base, Instant, db
from app.models.history import Change, Decision
from app.models.mandates import Absence, Agreement, Invitation, Mandate, MandateRole
from app.models.notices import Delivery, JobRun, Mail, MailKind, MailState, Notice, NoticeKind
from app.models.organisations import Organisation, OrganisationKind
from app.models.people import Attempt, LoginSession, PasswordReset, User
from app.models.reference import Goal, Level, Reason, ReasonFor, Topic
from app.models.reports import Problem, Report
from app.models.sources import IntakeRule, RunState, Source, SourceRecord, SyncItem, SyncRun
from app.models.territory import Municipality, Network, PostalCode, Region, network_municipality

__all__ = [
    "BIGGEST_ID",
    "Absence",
    "Activity",
    "Agreement",
    "Attempt",
    "Base",
    "Change",
    "ContactChannel",
    "Decision",
    "Delivery",
    "Goal",
    "Instant",
    "IntakeRule",
    "Invitation",
    "JobRun",
    "Level",
    "LoginSession",
    "Mail",
    "MailKind",
    "MailState",
    "Mandate",
    "MandateRole",
    "Municipality",
    "Network",
    "Notice",
    "NoticeKind",
    "Organisation",
    "OrganisationKind",
    "PasswordReset",
    "PostalCode",
    "Problem",
    "Reason",
    "ReasonFor",
    "Region",
    "Report",
    "RunState",
    "Source",
    "SourceRecord",
    "SyncItem",
    "SyncRun",
    "Topic",
    "User",
    "activity_goal",
    "activity_topic",
    "db",
    "network_municipality",
]
