"""The ninety-day report in a real browser, on a desk and on a phone: its words, and the chart beside them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE
from tests.pages import Become, message, shot, types
from tests.slack.cast import ANA
from tests.slack.office import Office
from tests.slack.test_reports import measured


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot."""
    place = Office(tmp_path_factory.mktemp("report"))
    yield place
    place.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_report_is_read_with_its_chart(office: Office, become: Become, size: dict[str, int]) -> None:
    case = measured(office, day=70)
    ana = become(ANA, case.room, size)
    types(ana, f"/rollout report {case.name}")
    expect(message(ana, "From baseline to now")).to_contain_text("baseline 4.1, target 4.5; first 4.3")
    chart = ana.locator("#main").get_by_role("img", name="Chart of csat")
    expect(chart).to_be_visible()
    ana.wait_for_function("image => image.complete && image.naturalWidth === 900", arg=chart.element_handle())
    shot(ana, f"report-{size['width']}")
    assert ana.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
