"""Every rule there is; a module that declares some is imported here."""

from bot.domain.findings.declaring import PROGRAM_RULES, RULES

__all__ = ["PROGRAM_RULES", "RULES"]
