"""A whole program played in a minute, with troubles whose every finding is known beforehand."""

from bot.simulation.cast import Size
from bot.simulation.planting import Program, plan
from bot.simulation.writing import Monday, simulate

__all__ = ["Monday", "Program", "Size", "plan", "simulate"]
