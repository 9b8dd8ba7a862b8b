"""Real bots are killed and frozen while a hundred digests are due on each engine: each comes once, and none is lost."""

from pathlib import Path

from tests.delivery.chaos import AUDIENCES, Figures, run
from tests.postgres import Server

KILLS, WEEKS = 12, 2


def promised(figures: Figures) -> tuple[int, int, bool]:
    """What may not be other than this: second copies that are left, digests that never came, a whole chain."""
    return figures.left, figures.missing, figures.chain_whole


def test_one_bot_on_sqlite_killed_and_started_again_posts_each_digest_once(tmp_path: Path) -> None:
    figures = run("sqlite", f"sqlite:///{tmp_path}/rollout.db", KILLS)
    assert (promised(figures), figures.due >= WEEKS * AUDIENCES) == ((0, 0, True), True), figures


def test_two_replicas_on_postgresql_killed_and_frozen_post_each_digest_once(postgres: Server) -> None:
    name = postgres.create()
    figures = run("postgresql", postgres.url(name), KILLS)
    assert (promised(figures), figures.due >= WEEKS * AUDIENCES) == ((0, 0, True), True), figures


def test_the_same_bots_without_the_look_before_a_post_double_digests(tmp_path: Path) -> None:
    figures = run("sqlite", f"sqlite:///{tmp_path}/rollout.db", KILLS, order="naive", freezing=False)
    assert figures.left > 0, figures
