"""The form of an own entry: what, when, where, for whom, how to reach them."""

import secrets
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length

from admin_views.fields import Needed, PlainText, RowChoice, Rows, is_index, squeezed, tidy
from admin_views.saving import VersionedForm
from admin_views.schedule_form import ScheduleForm, as_data, complain, has_errors
from app.domain.contact import NUMBERED as NUMBERED_CHANNELS
from app.domain.contact import WORDS as CHANNEL_WORDS
from app.domain.contact import Channel, clean, readable_number, web_link
from app.domain.errors import Invalid
from app.domain.schedule import Kind
from app.models import Activity, Goal, Level, Organisation, PostalCode, Topic
from app.services.entries import ChannelValues, EntryValues
from app.web.errors import words

MOST_CHANNELS = 8
PUBLIC, INTERNAL = "public", "internal"
NO_LEVEL = "0"
LONGEST_LINK = 500


class ChannelRow(Form):
    """One way to reach the organiser."""

    kind = SelectField(
        _l("Soort"),
        choices=[(kind.value, _l(words_)) for kind, words_ in CHANNEL_WORDS.items()],
        default=Channel.EMAIL.value,
    )
    value = StringField(_l("Adres of nummer"), [Length(max=254)], filters=[tidy])
    seen_by = SelectField(
        _l("Wie ziet het"), choices=[(PUBLIC, _l("publiek")), (INTERNAL, _l("enkel intern"))], default=PUBLIC
    )

    @property
    def empty(self) -> bool:
        return not (self.value.data or "").strip() and self.kind.data != Channel.ON_THE_SPOT.value

    def values(self, preferred: bool) -> ChannelValues | None:
        kind = Channel(self.kind.data)
        text = self.value.data or ""
        if kind is Channel.ON_THE_SPOT and not text.strip():
            text = _("kom gewoon langs")
        try:
            return ChannelValues(kind, clean(kind, text), self.seen_by.data == PUBLIC, preferred)
        except Invalid as error:
            complain(self.value, words(error))
            return None


class ActivityForm(VersionedForm):
    form_token = HiddenField(validators=[Length(max=64)])

    organisation = SelectField(_l("Organisatie"), validate_choice=True)
    title = StringField(
        _l("Titel"),
        [DataRequired(_l("Geef je activiteit een titel.")), Length(max=120), PlainText()],
        filters=[tidy],
    )
    description = TextAreaField(
        _l("Wat doen we?"),
        [Needed(), Length(max=5_000), PlainText(lines=True)],
        filters=[tidy],
        description=_l("Schrijf zoals je het aan iemand vertelt. Korte zinnen, geen moeilijke woorden."),
        render_kw={"rows": 5},
    )
    schedule = FormField(ScheduleForm)
    online = BooleanField(_l("Dit gaat online door"))
    place_name = StringField(_l("Naam van de plaats"), [Length(max=120), PlainText()], filters=[tidy])
    street = StringField(_l("Straat en nummer"), [Length(max=120), PlainText()], filters=[tidy])
    postal_code = StringField(
        _l("Postcode"),
        [Needed(), Length(max=10)],
        filters=[tidy],
        description=_l("Enkel wat online doorgaat, kan zonder."),
        render_kw={"inputmode": "numeric"},
    )
    online_url = StringField(_l("Link"), [Length(max=500)])
    price = StringField(
        _l("Prijs"),
        [Length(max=60), PlainText()],
        filters=[tidy],
        description=_l("Bijvoorbeeld: gratis, of 3 euro."),
    )
    level = RadioField(_l("Hoeveel Nederlands heb je nodig?"), default=NO_LEVEL)
    goals = RowChoice(_l("Wat kan je hier doen?"))
    topics = RowChoice(_l("Waarover gaat het?"))
    channels = Rows(FormField(ChannelRow), min_entries=1, max_entries=MOST_CHANNELS)
    preferred = HiddenField(default="channels-0")

    levels: dict[str, Level]
    postal_codes: frozenset[str] = frozenset()
    undecided = False

    def offer(self, session: Session, organisation_ids: frozenset[int], own: int | None) -> "ActivityForm":
        """Fill the choices; the organisations are those this person may publish for, or the entry's own."""
        wanted = organisation_ids | ({own} if own else set())
        organisations = session.scalars(
            select(Organisation).where(Organisation.id.in_(sorted(wanted))).order_by(Organisation.name)
        ).all()
        if own:
            organisations = [row for row in organisations if row.id == own]
        self.organisation.choices = [(str(row.id), row.name) for row in organisations]
        self.levels = {str(row.number): row for row in session.scalars(select(Level).order_by(Level.number))}
        self.level.choices = [(NO_LEVEL, _("geen Nederlands nodig"))] + [
            (key, _(row.name)) for key, row in self.levels.items()
        ]
        typed = squeezed(self.postal_code.data)
        known = select(PostalCode.code).where(PostalCode.code == typed[:10]) if typed else None
        self.postal_codes = frozenset() if known is None else frozenset(session.scalars(known))
        self.goals.offer(session.scalars(select(Goal).order_by(Goal.position)))
        held = {str(key) for key in self.topics.data or []}
        topics = session.scalars(select(Topic).order_by(Topic.position)).all()
        self.topics.offer(row for row in topics if row.retired_at is None or str(row.id) in held)
        return self

    @property
    def draft(self) -> bool:
        """Whether it is kept for later: then a title is enough, but what was typed must still be readable."""
        return "draft" in request.form

    def validate(self, extra_validators: Any = None) -> bool:
        self.undecided = self.draft and self.schedule.form.untouched
        if self.undecided:
            self.schedule.form.kind.data = Kind.FLEXIBLE.value
        super().validate(extra_validators)
        if not self.draft:
            self._ask_for_the_rest()
        self._check_place()
        self._check_channels()
        return not any(has_errors(field) for field in self)

    def _ask_for_the_rest(self) -> None:
        """What newcomers need to know before they can see it."""
        if not squeezed(self.description.data):
            complain(self.description, _("Vertel kort wat jullie doen."))
        if not self.online.data and not squeezed(self.postal_code.data):
            complain(self.postal_code, _("Vul de postcode in, dan weten we in welke gemeente het is."))
        if all(entry.form.empty for entry in self.channels):
            complain(self.channels[0].form.value, _("Geef minstens één manier om contact op te nemen."))

    def _check_place(self) -> None:
        code = squeezed(self.postal_code.data)
        if code and code not in self.postal_codes:
            complain(self.postal_code, _("Postcode %(code)s ligt niet in Vlaanderen of Brussel.", code=code[:10]))
        if squeezed(self.online_url.data):
            try:
                self.online_url.data = web_link(squeezed(self.online_url.data), LONGEST_LINK)
            except Invalid as error:
                complain(self.online_url, words(error))

    def _check_channels(self) -> None:
        for entry in self.channels:
            if not entry.form.empty and not entry.form.kind.errors:
                entry.form.values(False)

    @property
    def schedule_wrong(self) -> bool:
        return has_errors(self.schedule)

    @property
    def channels_wrong(self) -> bool:
        return has_errors(self.channels)

    @property
    def reachable(self) -> bool:
        """Whether a newcomer sees any way to get in touch."""
        return any(entry.form.seen_by.data == PUBLIC for entry in self.channels if not entry.form.empty)

    def values(self) -> EntryValues:
        """What was typed, once `validate` has found it sound."""
        rows = [entry for entry in self.channels if not entry.form.empty]
        names = [entry.name for entry in rows]
        liked = self.preferred.data if self.preferred.data in names else next(iter(names), "")
        channels = [entry.form.values(entry.name == liked) for entry in rows]
        online = bool(self.online.data)
        return EntryValues(
            title=squeezed(self.title.data),
            description=(self.description.data or "").replace("\r\n", "\n").strip(),
            organisation_id=int(self.organisation.data),
            schedule=None if self.undecided else self.schedule.form.schedule,
            channels=[channel for channel in channels if channel],
            place_name=squeezed(self.place_name.data),
            street=squeezed(self.street.data),
            postal_code=squeezed(self.postal_code.data),
            online=online,
            online_url=self.online_url.data if online else "",
            price=squeezed(self.price.data),
            level=self.levels.get(self.level.data or NO_LEVEL),
            goals=self.goals.chosen,
            topics=self.topics.chosen,
        )


def new_form() -> ActivityForm:
    form = ActivityForm()
    if request.method == "GET":
        form.form_token.data = secrets.token_urlsafe(24)
    return form


def form_of(activity: Activity, **more: Any) -> ActivityForm:
    """The form with what the activity says; what was typed wins, unless `formdata=None`."""
    liked = next((index for index, row in enumerate(activity.channels) if row.preferred), 0)
    data = {
        "row_version": str(activity.row_version),
        "organisation": str(activity.organisation_id),
        "title": activity.title,
        "description": activity.description,
        "schedule": {} if activity.undecided else as_data(activity.schedule),
        "online": activity.online,
        "place_name": activity.place_name,
        "street": activity.street,
        "postal_code": activity.postal_code,
        "online_url": activity.online_url,
        "price": activity.price,
        "level": str(activity.level.number) if activity.level else NO_LEVEL,
        "goals": [str(row.id) for row in activity.goals],
        "topics": [str(row.id) for row in activity.topics],
        "channels": [
            {
                "kind": row.kind.value,
                "value": readable_number(row.value) if row.kind in NUMBERED_CHANNELS else row.value,
                "seen_by": PUBLIC if row.public else INTERNAL,
            }
            for row in activity.channels
        ],
        "preferred": f"channels-{liked}",
    }
    return ActivityForm(data=data, **more)


def change_rows(form: ActivityForm, command: str) -> None:
    """A button of the form that only adds or drops a row: `add:channels`, `drop:channels:2`."""
    verb, _colon, rest = command.partition(":")
    name, _colon, index = rest.partition(":")
    lists = {
        "channels": form.channels,
        "days": form.schedule.form.days,
        "exceptions": form.schedule.form.exceptions,
    }
    rows = lists.get(name)
    if rows is None:
        return
    if verb == "add" and len(rows) < (rows.max_entries or MOST_CHANNELS):
        rows.append_entry()
    elif verb == "copy" and 0 < len(rows) < (rows.max_entries or MOST_CHANNELS):
        rows.append_entry(rows[-1].data)
    elif verb == "drop" and is_index(index) and int(index) < len(rows):
        del rows.entries[int(index)]
