"""Facts about sources that are mapped to workflows by hand; what the file of sources says is no fact."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConnected:
    """A place of a source belongs to a workflow from now on."""

    mapping_id: str
    workflow_id: str
    source: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDisconnected:
    """It does not any more; signals that came from it stay."""

    mapping_id: str
    workflow_id: str
