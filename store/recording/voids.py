"""How a signal that was taken back changes the state tables."""

from sqlalchemy import select

from bot.domain.facts import SignalVoided
from store.errors import Crossed
from store.recording.scene import Scene
from store.recording.signals import Voiding, void_signal
from store.tables.program import requests, workflows
from store.tables.signals import signals


def void(scene: Scene, fact: SignalVoided) -> None:
    """The signal out of every sum; its row stays, with who took it back, when and why."""
    if fact.workflow_id:
        # As whoever takes signals in: what is known of a key is made anew by one at a time.
        locked = select(workflows.c.id).where(workflows.c.id == fact.workflow_id)
        scene.connection.execute(locked.with_for_update(key_share=True))
    this = (signals.c.source == fact.source) & (signals.c.id == fact.signal)
    seq = scene.connection.scalar(select(signals.c.seq).where(this))
    reason = scene.words.get("reason") or scene.connection.scalar(
        select(requests.c.reason).where(requests.c.id == fact.request_id)
    )
    voiding = Voiding(scene.at, scene.by if scene.by_person else None, reason)
    if seq is None or not void_signal(scene.connection, seq, voiding):
        raise Crossed("This signal changed in this very moment, so nothing was saved. Look again and repeat it.")
