"""What a language model writes: asked once, within a whole time limit, and checked before anyone reads it."""

from bot.drafting.endpoint import Endpoint, model_at
from bot.drafting.model import Model, NoAnswer
from bot.drafting.summary import Summary, summarise

__all__ = ["Endpoint", "Model", "NoAnswer", "Summary", "model_at", "summarise"]
