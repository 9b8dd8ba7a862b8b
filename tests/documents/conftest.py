"""A program on each engine, and one with refunds_agent on its first day, as tests of the use cases have them."""

import pytest

from bot.domain.workflows import Domain
from tests.actions.conftest import program, refunds
from tests.documents.samples import Desk
from tests.program import Program

__all__ = ["program", "refunds"]


@pytest.fixture
def desk(refunds: Program) -> Desk:
    """Documents about refunds_agent, which touches billing."""
    refunds.edit("ana", domain=Domain.BILLING)
    return Desk(refunds)
