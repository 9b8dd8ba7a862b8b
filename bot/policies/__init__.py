"""Policy files: what a team asks to let its agents do, read strictly, one request's terms per action."""

from bot.policies.reading import Ground, read, workflow_of
from bot.policies.values import AskedAction, PolicyFile

__all__ = ["AskedAction", "Ground", "PolicyFile", "read", "workflow_of"]
