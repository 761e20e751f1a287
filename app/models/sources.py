"""Sources: what they sent us, what a town lets in, and how each run went."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.relevance import Match
from app.domain.source import Standing
from app.models.base import Base, Json, words
from app.models.people import User
from app.models.territory import Municipality


class Source(Base):
    """Where events come from; `cursor` is the highest `modified` received, by the source's own clock."""

    __tablename__ = "source"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    cursor: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.name


class SourceRecord(Base):
    """One event as last received, without personal data of its makers.

    `complete` unless how to reach people was left out, because no activity of ours needed it.
    """

    __tablename__ = "source_record"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        Index("ix_source_record_municipality_id_relevant", "municipality_id", "relevant"),
        Index(
            "ix_source_record_awaited",
            "modified",
            sqlite_where=text("relevant and not complete"),
            postgresql_where=text("relevant and not complete"),
        ),
    )

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    external_id: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    payload: Mapped[Json] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    modified: Mapped[datetime]
    standing: Mapped[Standing] = mapped_column(words(Standing))
    relevant: Mapped[bool] = mapped_column(default=False)
    complete: Mapped[bool] = mapped_column(default=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    source: Mapped[Source] = relationship()
    municipality: Mapped[Municipality | None] = relationship()

    def __str__(self) -> str:
        return self.title


class IntakeRule(Base):
    """One line of *Wat komt binnen* (DESIGN rule 4); without a municipality it is the platform's default."""

    __tablename__ = "intake_rule"
    __table_args__ = (
        UniqueConstraint("municipality_id", "match", "value"),
        # In a unique constraint NULLs differ; the platform's own lines need one of their own.
        Index(
            "uq_intake_rule_default",
            "match",
            "value",
            unique=True,
            sqlite_where=text("municipality_id is null"),
            postgresql_where=text("municipality_id is null"),
        ),
        CheckConstraint("value <> ''", name="value_given"),
        Index("uq_intake_rule_form_token", "form_token", unique=True),
    )

    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    match: Mapped[Match] = mapped_column(words(Match))
    value: Mapped[str] = mapped_column(String(120))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    form_token: Mapped[str | None] = mapped_column(String(64))

    municipality: Mapped[Municipality | None] = relationship()
    created_by: Mapped[User | None] = relationship()

    def __str__(self) -> str:
        return self.value


class RunState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class SyncRun(Base):
    """One run over one source, with what it counted; instants, and words when it failed."""

    __tablename__ = "sync_run"

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    state: Mapped[RunState] = mapped_column(words(RunState), default=RunState.RUNNING)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    received: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    source: Mapped[Source] = relationship()
    items: Mapped[list["SyncItem"]] = relationship(back_populates="run")


class SyncItem(Base):
    """A record that could not be taken: its id, the reason in words, and what came in, as it came."""

    __tablename__ = "sync_item"

    run_id: Mapped[int] = mapped_column(ForeignKey("sync_run.id"), index=True)
    external_id: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500))
    payload: Mapped[Json] = mapped_column(JSON)

    run: Mapped[SyncRun] = relationship(back_populates="items")
