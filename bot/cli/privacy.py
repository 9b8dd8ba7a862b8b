"""`rollout privacy`: what is kept about a person, and its erasure."""

from typing import Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import show, tell

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Privacy: what is kept about people.")

PersonName = Annotated[str, typer.Argument(metavar="PERSON", help="A Slack user id, or os:NAME.")]


@command(app, "export")
def export(call: Call, person: PersonName) -> None:
    """Print everything that is kept about a person, and everything that they wrote."""
    from bot.actions.privacy import kept_of
    from bot.cli.desk import to_read
    from store.types import instant_text

    with to_read(call) as session, session.desk.reading() as view:
        kept = kept_of(view, session.actor, person)
    who = kept.person
    show(
        {
            "id": who.id,
            "handle": who.handle,
            "name": who.name,
            "timezone": who.zone,
            "met_at": instant_text(kept.seen_at),
            "roles": list(kept.roles),
            "texts": [{"at": instant_text(at), "text": text} for at, text in kept.texts],
            "signals": [
                {"source": source, "id": id_, "type": kind, "at": instant_text(at), "workflow": workflow}
                for source, id_, kind, at, workflow in kept.signals
            ],
            "records": [
                {"seq": seq, "at": instant_text(at), "fact": fact, "subject": subject}
                for seq, at, fact, subject in kept.records
            ],
            "rows": {table: list(rows) for table, rows in kept.rows},
            "sentences": list(kept.sentences),
            "digests": list(kept.digests),
        }
    )


@command(app, "erase")
def erase(
    call: Call,
    person: PersonName,
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; the record keeps it.")],
) -> None:
    """Erase a person's name and words for good; what they did stays, done by someone erased."""
    from bot.actions.privacy import erase as forget
    from bot.actions.privacy import sweep
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact, left = session.do(None, forget, person, reason)
        sweep(session.desk)
    tell("What stands in Slack stays there: delete it in Slack too, if it must go.")
    for each in left:
        tell(f"They were {each}: nobody can be asked there now, so name someone else.")
    show({"id": fact.person_id, "texts": fact.text_count, "signals": fact.signal_count, "digests": fact.digest_count})
