"""How facts about metrics and red lines change the state tables: by one version more."""

from sqlalchemy import Insert, insert
from sqlalchemy.exc import IntegrityError

from bot.domain.facts import MetricDefined, MetricLoosened, MetricTightened, RedLineDefined
from store.errors import Crossed
from store.recording.scene import Scene
from store.tables.definitions import metric_definitions, red_line_definitions


def define_metric(scene: Scene, fact: MetricDefined | MetricTightened | MetricLoosened) -> None:
    """The next version of a metric."""
    _add_version(
        scene,
        insert(metric_definitions).values(
            workflow_id=fact.workflow_id,
            metric=fact.metric,
            version=fact.seen_version + 1,
            kind=fact.kind,
            better=fact.better,
            baseline=fact.baseline,
            target=fact.target,
            bound=fact.limit,
            loosened=isinstance(fact, MetricLoosened),
            defined_by=scene.by,
            defined_at=scene.at,
        ),
        "This metric",
    )


def define_red_line(scene: Scene, fact: RedLineDefined) -> None:
    """The next version of a red line."""
    _add_version(
        scene,
        insert(red_line_definitions).values(
            workflow_id=fact.workflow_id,
            rule=fact.rule,
            version=fact.seen_version + 1,
            text=scene.words["text"],
            defined_by=scene.by,
            defined_at=scene.at,
        ),
        "This red line",
    )


def _add_version(scene: Scene, statement: Insert, what: str) -> None:
    try:
        with scene.connection.begin_nested():
            scene.connection.execute(statement)
    except IntegrityError as error:
        raise Crossed(f"{what} changed in this very moment, so nothing was saved. Look again and repeat it.") from error
