"""Findings: what is off plan, found by rules that look at one instant (RULES, "Findings: the rule catalogue")."""
