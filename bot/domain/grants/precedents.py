"""What an agent's logged actions say for and against a grant, and where there are none to say anything."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import Refused
from bot.domain.grants.backtest import SPAN, BackTest
from bot.domain.grants.calibration import Calibration


class NoData(StrEnum):
    """Evidence that an approver has to do without, and says to have seen missing."""

    BACKTEST = "backtest"
    CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Precedents:
    """The back-test of a grant's terms for `action`, and one calibration for each confidence that they rest on."""

    action: str
    backtest: BackTest
    calibrations: tuple[Calibration, ...]

    @property
    def no_data(self) -> tuple[NoData, ...]:
        """What there is no history for."""
        found = [] if self.backtest.has_data else [NoData.BACKTEST]
        if any(not each.actions for each in self.calibrations):
            found.append(NoData.CALIBRATION)
        return tuple(found)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why no grant with these terms is approved, in sentences: a confidence that does not mean what it says."""
        return tuple(each.refusal for each in self.calibrations if each.refusal)

    def demand_seen(self, *, saw_no_data: bool) -> tuple[NoData, ...]:
        """What is missing, once the approver said to have seen that; a refusal before."""
        if self.no_data and not saw_no_data:
            raise Refused(
                f"There is no history to judge this grant by: in the last {SPAN.days} days {self._wanting}. "
                "Tick the box on the card that says you saw that, and approve then. Nothing changed."
            )
        return self.no_data

    @property
    def _wanting(self) -> str:
        if not self.backtest.has_data:
            return f"no {self.action} was logged"
        facts = [each.threshold.fact for each in self.calibrations if not each.actions]
        return f"no logged {self.action} reached the {' or '.join(facts)} that it asks for"
