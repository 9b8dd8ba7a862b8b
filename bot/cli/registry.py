"""`rollout policy add`, `list`, `show` and `edit`: the registry of policies, open to all members."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import AreaName, Format, day_of, person_of

if TYPE_CHECKING:
    from bot.domain.policies import Entry, Policy, PolicyVersion

app = typer.Typer(rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name, such as 'Refund limits'.")]
Text = Annotated[str | None, typer.Option("--text", metavar="T", help="Its words, if they stand here.")]
Link = Annotated[str | None, typer.Option("--link", metavar="URL", help="Where its words stand, if not here.")]
_OWNER = "Who answers for it."
_REVIEW = "On which day somebody looks at it again."
_AREA = "What it is about."


@command(app, "add")
def add(
    call: Call,
    name: Name,
    *,
    area: Annotated[AreaName, typer.Option("--area", help=_AREA)],
    text: Text = None,
    link: Link = None,
    owner: Annotated[str, typer.Option("--owner", metavar="U", parser=person_of, help=_OWNER)],
    review_on: Annotated[date, typer.Option("--review-on", metavar="DATE", parser=day_of, help=_REVIEW)],
) -> None:
    """Add a policy to the registry and print its id."""
    from bot.actions.policies import add as enter
    from bot.cli.desk import to_change
    from bot.domain.deviations import DeviationArea
    from bot.domain.policies import Entry

    entry = Entry(DeviationArea(area), review_on, text, link)
    with to_change(call) as session:
        fact = session.do(None, enter, name, entry, session.desk.person(owner))
    show({"id": fact.policy_id, "version": 1})


@command(app, "edit")
def edit(
    call: Call,
    name: Name,
    *,
    area: Annotated[AreaName | None, typer.Option("--area", help=_AREA)] = None,
    text: Text = None,
    link: Link = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="U", parser=person_of, help=_OWNER)] = None,
    review_on: Annotated[date | None, typer.Option("--review-on", metavar="DATE", parser=day_of, help=_REVIEW)] = None,
) -> None:
    """Write the next version of a policy; what is left out stays, and the versions before are kept."""
    from bot.actions.policies import edit as write
    from bot.cli.desk import to_change
    from bot.domain.deviations import DeviationArea

    if all(each is None for each in (area, text, link, owner, review_on)):
        raise BadUsage("Nothing was changed: give at least one of --area, --text, --link, --owner or --review-on.")
    with to_change(call) as session:
        with session.desk.reading() as view:
            found = view.policies.named(name)
        entry = replace(
            _saying(found.entry, text, link),
            area=DeviationArea(area) if area else found.entry.area,
            review_on=review_on or found.entry.review_on,
        )
        person = session.desk.person(owner) if owner else found.latest.owner
        fact = session.do(found.id, write, found, entry, person)
    show({"id": fact.policy_id, "version": fact.seen_version + 1})


def _saying(stood: "Entry", text: str | None, link: str | None) -> "Entry":
    return stood if text is None and link is None else replace(stood, text=text, link=link)


@command(app, "list")
def show_all(
    call: Call,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORDS", help="Only those in which all of these words stand.")
    ] = None,
    area: Annotated[AreaName | None, typer.Option("--area", help="Only those about this.")] = None,
    form: Format = "json",
) -> None:
    """List the policies by name, and say which are due for their review."""
    from bot.actions.policies import meant
    from bot.cli.desk import to_read
    from bot.domain.calendar import local_date

    with to_read(call) as session, session.desk.reading() as view:
        found = [each for each in meant(view, " ".join(words or ())) if area in (None, each.entry.area)]
        today = local_date(session.desk.clock.now(), session.settings.timezone)
    if form == "text":
        say(worded("cli.policies", policies=found, today=today, narrowed=bool(words or area)))
        return
    show({"policies": [_policy(each, today) for each in found]})


@command(app, "show")
def show_one(call: Call, name: Name, form: Format = "json") -> None:
    """Show a policy with every version that was written of it, and the open deviations that name it."""
    from bot.cli.desk import to_read
    from bot.domain.calendar import local_date

    with to_read(call) as session, session.desk.reading() as view:
        found = view.policies.named(name)
        versions = view.policies.versions(found.id)
        breaches = [each for each in view.deviations.open() if each.policy == found.name]
        today = local_date(session.desk.clock.now(), session.settings.timezone)
    if form == "text":
        zone = session.settings.timezone
        say(worded("cli.policy", zone, p=found, versions=versions, breaches=breaches, today=today))
        return
    written = [{**_version(each), "text": each.entry.text} for each in versions]
    named = [{"id": each.id, "workflow": each.workflow, "title": each.title} for each in breaches]
    show({**_policy(found, today), "text": found.entry.text, "versions": written, "deviations": named})


def _policy(policy: "Policy", today: date) -> dict[str, object]:
    return {"id": policy.id, "name": policy.name, "due": policy.is_due(today), **_version(policy.latest)}


def _version(version: "PolicyVersion") -> dict[str, object]:
    from store.types import instant_text

    return {
        "version": version.number,
        "area": version.entry.area.value,
        "link": version.entry.link,
        "owner": version.owner.handle,
        "review_on": version.entry.review_on.isoformat(),
        "written_by": version.written_by.handle,
        "at": instant_text(version.written_at),
    }
