"""How the service is doing: pictures drawn here as SVG, and beside each the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.translation import gettext, gettext_noop

from onboarding import clock
from onboarding.desk import drawing, pages, words
from onboarding.desk.durations import spoken
from onboarding.domain.reasons import BY_CODE
from onboarding.domain.status import EventKind
from onboarding.records import figures
from onboarding.records.figures import AGES, PERIODS, Figures

PERIOD = "days"
STEPS = {
    EventKind.SIGNED_UP: gettext_noop("Signed up"),
    EventKind.EMAIL_CONFIRMED: gettext_noop("Confirmed the address"),
    EventKind.PROFILE_COMPLETED: gettext_noop("Gave the details"),
    EventKind.SUBMITTED: gettext_noop("Submitted"),
    EventKind.APPROVED: gettext_noop("Approved"),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture with its twin. `kind` says which template draws it: "lying" or "standing" bars."""

    slug: str
    title: str
    note: str
    kind: str
    picture: drawing.Picture
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def show(request: HttpRequest) -> HttpResponse:
    """The pictures of one period; unknown periods show the one of a month."""
    asked = request.GET.get(PERIOD, "")
    days = next((each for each in PERIODS if str(each) == asked), 30)
    known = figures.figures(days)
    context = pages.context(
        admin.site,
        request,
        gettext("Dashboard"),
        charts=[_funnel(known), _ages(known), _sla(known), _waits(known), _decisions(known), _reasons(known)],
        counted=words.Moment.of(known.at, clock.now()),
        periods=[(each, gettext("{n} days").format(n=each), each == days) for each in PERIODS],
    )
    return TemplateResponse(request, "admin/desk/dashboard.html", context)


def _funnel(known: Figures) -> Chart:
    first = known.funnel[0][1] or 1
    rows = [
        (
            gettext(STEPS[EventKind(kind)]),
            count,
            gettext("{percent} %").format(percent=round(100 * count / first)),
        )
        for kind, count in known.funnel
    ]
    return Chart(
        "funnel",
        gettext("How far people get"),
        gettext("Each step counted when it was first taken, so people who signed up earlier are among them."),
        "lying",
        drawing.lying([(name, count, str(count)) for name, count, _ in rows] if _any(known.funnel) else []),
        (gettext("Step"), gettext("People"), gettext("Of the sign-ups")),
        [(name, str(count), percent) for name, count, percent in rows] if _any(known.funnel) else [],
    )


def _ages(known: Figures) -> Chart:
    bounds = [spoken(int(each.total_seconds())) for each in AGES]
    names = [gettext("less than {time}").format(time=bounds[0])]
    names += [gettext("{start} to {end}").format(start=start, end=end) for start, end in pairwise(bounds)]
    names.append(gettext("more than {time}").format(time=bounds[-1]))
    rows = list(zip(names, known.ages, strict=True)) if any(known.ages) else []
    return Chart(
        "ages",
        gettext("Age of the queue, now"),
        gettext("How long the cases that wait for a review have waited."),
        "lying",
        drawing.lying([(name, count, str(count)) for name, count in rows]),
        (gettext("Waiting since"), gettext("Cases")),
        [(name, str(count)) for name, count in rows],
    )


def _sla(known: Figures) -> Chart:
    days = [(formats.date_format(each.day, "DAY"), each) for each in known.sla]
    return Chart(
        "sla",
        gettext("Decided within the promised time"),
        gettext("The filled part of each bar was in time; the rest had been escalated first."),
        "standing",
        drawing.standing([(name, each.decided, each.in_time) for name, each in days]),
        (gettext("Day"), gettext("Decided"), gettext("In time"), gettext("Part")),
        [
            (
                name,
                str(each.decided),
                str(each.in_time),
                gettext("{percent} %").format(percent=round(100 * each.in_time / each.decided)),
            )
            for name, each in days
        ],
    )


def _waits(known: Figures) -> Chart:
    rows = [(words.plain(each.status), each, _length(each.median)) for each in known.waits]
    return Chart(
        "waits",
        gettext("Time per step"),
        gettext("Half of the cases were faster than this. Measured on the {n} cases decided last.").format(
            n=known.sampled
        ),
        "lying",
        drawing.lying([(name, each.median, text) for name, each, text in rows]),
        (gettext("Step"), gettext("Times"), gettext("Half within"), gettext("Nine of ten within")),
        [(name, str(each.count), text, _length(each.ninetieth)) for name, each, text in rows],
    )


def _decisions(known: Figures) -> Chart:
    rows = [(words.plain(kind), count) for kind, count in known.decisions] if _any(known.decisions) else []
    return Chart(
        "decisions",
        gettext("Decisions"),
        "",
        "lying",
        drawing.lying([(name, count, str(count)) for name, count in rows]),
        (gettext("Decision"), gettext("Times")),
        [(name, str(count)) for name, count in rows],
    )


def _reasons(known: Figures) -> Chart:
    rows = [
        (gettext(BY_CODE[code].text) if code in BY_CODE else words.plain(code), words.plain(code), count)
        for code, count in known.reasons
    ]
    return Chart(
        "reasons",
        gettext("Reasons to refuse or to ask again"),
        gettext("A decision may have several."),
        "lying",
        drawing.lying([(name, count, str(count)) for _, name, count in rows]),
        (gettext("Reason"), gettext("As the applicant reads it"), gettext("Times")),
        [(name, text, str(count)) for text, name, count in rows],
    )


def _length(seconds: float) -> str:
    """In words of two units; what takes no whole minute in seconds."""
    if seconds < 60:
        return gettext("{s} s").format(s=round(seconds))
    return words.duration(timedelta(seconds=seconds))


def _any(rows: Sequence[tuple[str, int]]) -> bool:
    return any(count for _, count in rows)
