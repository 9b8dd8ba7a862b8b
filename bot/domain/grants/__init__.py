"""Grants: what agents may do, within which limits, until when (RULES, "Grants and decisions")."""
