"""Signals: observed facts from outside (RULES, "Signals")."""
