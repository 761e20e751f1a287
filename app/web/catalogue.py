"""What everybody may read: the list of activities and the page of each. No session, cookie or script."""

import re
import unicodedata
from typing import Any

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.domain.clock import now_utc
from app.models import Activity, db
from app.services import catalogue
from app.services.catalogue import Choices, Filters
from app.web import catalogue_words

public = Blueprint("public", __name__)
KEEP = "public, max-age=60"
LONGEST_PLACE, LONGEST_WORDS, LONGEST_SLUG = 60, 100, 60
READS: dict[str, Any] = {"methods": ["GET"], "provide_automatic_options": False}


def init(app: Flask) -> None:
    app.register_blueprint(public)
    app.add_template_global(activity_url)


@public.route("/", **READS)
def index() -> str:
    now = now_utc()
    choices = catalogue.choices(db.session)  # type: ignore[arg-type]
    filters = asked(choices)
    found = catalogue.search(db.session, now, filters, page_asked())  # type: ignore[arg-type]
    return render_template(
        "public/index.html",
        filters=filters,
        found=found,
        choices=choices,
        towns=catalogue.towns(db.session),  # type: ignore[arg-type]
        cards=[catalogue_words.card(activity, now, found.town) for activity in found.activities],
        ways=[(catalogue_words.way(way, found.town), list_url(way.filters)) for way in found.ways],
        list_url=list_url,
    )


@public.route("/activiteiten/<int:id>-<slug>", **READS)
def activity(id: int, slug: str) -> BaseResponse | str | tuple[str, int]:
    now = now_utc()
    entry = catalogue.one(db.session, now, id)  # type: ignore[arg-type]
    if entry is None:
        abort(404)
    home = list_url(Filters(where=entry.activity.municipality.name if entry.activity.municipality else ""))
    if entry.gone:
        return render_template("public/gone.html", activity=entry.activity, home=home), 410
    right = activity_url(entry.activity)
    if request.script_root + request.path != right:
        return redirect(with_query(right), 301)
    return render_template("public/activity.html", it=catalogue_words.page(entry.activity, now), home=home)


@public.route("/activiteiten/<int:id>", **READS)
@public.route("/activiteiten/<int:id>-", **READS)
def activity_without_slug(id: int) -> BaseResponse | str | tuple[str, int]:
    return activity(id, "")


@public.after_request
def keep(response: Response) -> Response:
    """Any cache may keep these for a minute, except where a message for one person was shown."""
    response.vary.add("Cookie")  # the theme and the language
    if response.status_code in (200, 301, 410) and not session.modified:
        response.headers["Cache-Control"] = KEEP
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


# --- addresses ---


def activity_url(activity: Activity) -> str:
    """The one address of an activity; also a Jinja global."""
    return url_for("public.activity", id=activity.id, slug=slug_of(activity.title))


def slug_of(title: str) -> str:
    """The title as the tail of an address: ascii, lower case, whole words."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
    if len(words) > LONGEST_SLUG:
        words = words[: LONGEST_SLUG + 1].rpartition("-")[0] or words[:LONGEST_SLUG]
    return words or "activiteit"


def list_url(filters: Filters, page: int = 1) -> str:
    """The list with these filters; what is empty is left out."""
    values: dict[str, Any] = {
        "waar": filters.where,
        "wat": filters.topic,
        "niveau": filters.level,
        "doel": filters.goal,
        "q": filters.words,
        "pagina": page if page > 1 else None,
    }
    return url_for("public.index", **{name: value for name, value in values.items() if value})


def with_query(address: str) -> str:
    query = request.query_string.decode("ascii", "ignore")
    return f"{address}?{query}" if query else address


# --- what was asked ---


def asked(choices: Choices) -> Filters:
    """The filters of this request. A value that is no choice counts as none, a text too long is cut."""
    return Filters(
        where=text("waar", LONGEST_PLACE),
        topic=one_of("wat", [topic.key for topic in choices.topics]),
        level=number("niveau") if number("niveau") in [level.number for level in choices.levels] else None,
        goal=one_of("doel", [goal.key for goal in choices.goals]),
        words=text("q", LONGEST_WORDS),
    )


def page_asked() -> int:
    return max(number("pagina"), 1)


def text(name: str, longest: int) -> str:
    given = request.args.get(name, "")
    readable = "".join(letter if letter.isprintable() else " " for letter in given[: longest * 4])
    return " ".join(readable.split())[:longest].rstrip()


def one_of(name: str, keys: list[str]) -> str:
    given = request.args.get(name, "")
    return given if given in keys else ""


def number(name: str) -> int:
    """A number of up to six figures; 0 for anything else."""
    given = request.args.get(name, "")
    return int(given) if re.fullmatch(r"[0-9]{1,6}", given) else 0
