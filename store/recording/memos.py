"""How facts about memos change the state tables: by one row each, for good."""

from sqlalchemy import Insert, insert, select
from sqlalchemy.exc import IntegrityError

from bot.domain.facts import MemoFiled
from bot.domain.searching import Sought
from store import searching
from store.errors import Crossed
from store.recording.scene import Scene
from store.searching import Entry
from store.tables.memos import memos
from store.tables.program import workflows


def file_memo(scene: Scene, fact: MemoFiled) -> None:
    """A row for the memo; Crossed if another took the place of the same memo in this moment."""
    prediction = fact.prediction
    statement = insert(memos).values(
        id=fact.memo_id,
        workflow_id=fact.workflow_id,
        team_id=fact.team_id,
        owner=fact.owner,
        filed_by=scene.by,
        decided_at=scene.at,
        category=fact.category,
        is_reversible=fact.is_reversible,
        title=scene.words["title"],
        decision=scene.words["decision"],
        context=scene.words.get("context"),
        options=scene.words.get("options"),
        move=fact.move,
        changes=list(fact.changes),
        metric=prediction.metric if prediction else None,
        comparison=prediction.comparison if prediction else None,
        value=prediction.value if prediction else None,
        check_on=prediction.check_on if prediction else None,
        supersedes=fact.supersedes,
        visibility=fact.visibility,
        content_hash=fact.content_hash,
    )
    _put_down(scene, fact, statement)
    searching.write(scene.connection, Entry(Sought.MEMO, fact.memo_id, fact.title.body, _below(scene, fact)))


def _put_down(scene: Scene, fact: MemoFiled, statement: Insert) -> None:
    if fact.supersedes is None:
        scene.write(statement)
        return
    try:
        with scene.connection.begin_nested():
            scene.write(statement)
    except IntegrityError as error:
        raise Crossed(
            f"{fact.supersedes} was superseded in this very moment by someone else, so nothing was filed. "
            "Read that memo, and supersede it if it is not right."
        ) from error


def _below(scene: Scene, fact: MemoFiled) -> str:
    """What a memo is found by beside its title: its words, its category, the workflow it is about, and changes."""
    named = select(workflows.c.name).where(workflows.c.id == fact.workflow_id)
    workflow = scene.connection.scalar(named) if fact.workflow_id else None
    parts = (text.body for text in (fact.decision, fact.context, fact.options) if text)
    return "\n".join((*parts, fact.category.label, workflow or "", *fact.changes))
