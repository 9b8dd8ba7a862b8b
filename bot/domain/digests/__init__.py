"""The Monday digest: for whom, when, and what it says (RULES, "The digest")."""
