"""The thread of a digest: in its order, whole, and never lost without a word."""

from collections.abc import Iterator

import pytest

from tests.delivery.newsroom import Readers, draft, draft_of, said, to_eve, to_monday
from tests.slack.office import Office

PARTS = ("What to talk about", "Two more lines", "What is acknowledged")


@pytest.fixture
def long(office: Office) -> Iterator[None]:
    """Digests with three messages in their thread."""
    office.desk.draft = draft_of(said("Digest of many messages"), *map(said, PARTS))
    yield
    office.desk.draft = draft


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize("lost", [1, 2])
def test_a_message_of_the_thread_that_slack_puts_off_keeps_its_place(
    office: Office, readers: Readers, lost: int
) -> None:
    to_eve(office)
    for _ in range(lost):
        office.fails("conversations.replies", "ratelimited", retry_after_s=30)
    to_monday(office)
    for _ in range(lost + 1):
        office.settle()
        office.passes(seconds=31)
    office.settle()
    (digest,) = readers.digests
    assert readers.threads(digest) == list(PARTS)
