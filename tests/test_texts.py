"""What people read: words, dates and names as agreed, and nothing that a stranger put there to act."""

import random
import re
import string
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from jinja2.exceptions import SecurityError

from bot.domain.people import Person
from bot.texts import Mrkdwn, Surface, Texts, cut, escape, parts

LISBON = ZoneInfo("Europe/Lisbon")
ANA = Person("p1", "U0ANA", "Ana Silva")
OS_ANA = Person("p2", "os:ana", "Ana <Silva>")
ERASED = Person("p3", None, "someone erased")
TODAY = date(2026, 11, 24)


class Speaker:
    """Renders a one-off template through the real machinery, on either surface."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: dict[str, str] = {}

    def mrkdwn(self, template: str, **context: object) -> str:
        return self.say(Surface.MRKDWN, template, context)

    def plain(self, template: str, **context: object) -> str:
        return self.say(Surface.PLAIN, template, context)

    def say(self, surface: Surface, template: str, context: dict[str, object]) -> str:
        name = self.written.setdefault(template, f"t{len(self.written)}")
        file = self.folder / f"{name}.j2"
        if not file.exists():
            file.write_text(f"{{% block it %}}{template}{{% endblock %}}", "utf-8")
        return Texts(surface, LISBON, self.folder).say(f"{name}.it", **context)


@pytest.fixture
def speaker(tmp_path: Path) -> Speaker:
    return Speaker(tmp_path)


def control_sequences(text: str) -> list[str]:
    """What Slack's own parser would act on: everything between an opening and a closing angle bracket."""
    return re.findall(r"<[^<>]*>?", text)


def bare_bait(text: str) -> list[str]:
    """What Slack's automatic parsing would turn into mentions or links, where it is on."""
    return re.findall(r"@(?:channel|here|everyone)|\w+://|mailto:[^\s\u2060]", text, re.IGNORECASE)


def hostile_strings(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    pieces = [
        "<!channel>", "<!here|here>", "<@U0ANA>", "<#C1|general>", "<!subteam^S042>",
        "<http://evil.example|login>", "<!date^0^{date}^http://evil.example|x>", "<mailto:a@evil.example|w>",
        "&lt;!channel&gt;", "&amp;lt;", "&", "<", ">", "|", "`", "*", "_", "~", "```", "\n", "\r\n", "\n> ",
        "@channel", "@Here", "https://evil.example/?a=b", "{{ 7*7 }}", "{% for x in y %}", "\u202e", "\u2066",
        "\ud83d", "\udc00", "\x00", "\x1b[31m", "\ufeff", "\u200b", "\u2028", "e\u0301",
        "\U0001f1f5\U0001f1f9", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "שלום", "مرحبا", "😀", "a" * 80,
    ]  # fmt: skip
    alphabet = string.printable + "<>&|@!^#" * 4 + "äß漢\u0301\u200d\u202d\x9b"
    return [
        "".join(rng.choice(pieces) if rng.random() < 0.5 else rng.choice(alphabet) for _ in range(rng.randint(1, 30)))
        for _ in range(count)
    ]


def read_back(mrkdwn: str) -> str:
    """What a reader sees of escaped text."""
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("\u2060", "")):
        mrkdwn = mrkdwn.replace(entity, char)
    return mrkdwn


def test_20000_hostile_strings_mention_nobody_and_open_no_link(speaker: Speaker) -> None:
    template = "{{ text }}/{{ text|cut(70) }}/{{ text|lines }}/{{ text|code }}/{{ text|bold }}/{{ 'x'|link(text) }}"
    for text in hostile_strings(20_000, seed=20):
        mrkdwn = speaker.mrkdwn(template, text=text)
        plain = speaker.plain(template, text=text)
        assert control_sequences(mrkdwn) == []
        assert bare_bait(mrkdwn) == []
        assert "&" not in re.sub("&(?:amp|lt|gt);", "", mrkdwn)
        categories = {unicodedata.category(char) for char in (mrkdwn + plain).replace("\n", "")}
        assert categories.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", mrkdwn + plain)


def test_cut_text_loses_nothing_but_its_end_to_escaping(speaker: Speaker) -> None:
    for text in hostile_strings(2_000, seed=21):
        shown = speaker.mrkdwn("[{{ text|cut(70) }}]", text=text)
        assert read_back(shown) == f"[{cut(text, 70)}]"
        assert speaker.plain("[{{ text|cut(70) }}]", text=text) == f"[{cut(text, 70)}]"


def test_text_is_cut_before_it_is_escaped_so_that_no_entity_breaks(speaker: Speaker) -> None:
    assert speaker.mrkdwn("{{ text|cut(4) }}", text="a<<<<<") == "a&lt;&lt;…"
    with pytest.raises(TypeError, match="Cut text before it is marked as safe"):
        speaker.mrkdwn("{{ text|cut(4) }}", text=Mrkdwn("<@U0ANA>"))


@pytest.mark.parametrize(
    "attack",
    [
        "{{ 7*7 }}",
        "{% import 'os' as os %}{{ os.system('id') }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "${7*7} #{7*7} <%= 7*7 %>",
        "{0.__class__} %(name)s",
    ],
)
def test_template_syntax_in_a_title_stays_literal(speaker: Speaker, attack: str) -> None:
    assert speaker.plain("{{ title }}", title=attack) == attack
    assert read_back(speaker.mrkdwn("{{ title }}", title=attack)) == attack


def test_a_template_cannot_reach_into_python(speaker: Speaker) -> None:
    with pytest.raises(SecurityError):
        speaker.plain("{{ title.__class__.__mro__ }}", title="x")
    with pytest.raises(SecurityError):
        speaker.plain("{{ titles.append('x') }}", titles=["a"])
    with pytest.raises(UndefinedError):
        speaker.plain("{{ range(3)|join }}")


def test_a_value_that_was_not_given_is_an_error_not_a_gap(speaker: Speaker) -> None:
    with pytest.raises(UndefinedError, match="'owner' is undefined"):
        speaker.mrkdwn("Owner: {{ owner }}")
    with pytest.raises(UndefinedError, match="no attribute 'team'"):
        speaker.plain("{{ ana.team }}", ana=ANA)


@pytest.mark.parametrize("value", [None, True, TODAY, ["a"]])
def test_only_text_and_numbers_are_printed(speaker: Speaker, value: object) -> None:
    with pytest.raises(TypeError, match="prints text and numbers"):
        speaker.plain("{{ value }}", value=value)


def test_marked_text_is_not_escaped_again_and_never_shown_as_plain(speaker: Speaker) -> None:
    assert speaker.mrkdwn("{{ a }} {{ b }}", a=escape("<b>"), b=Mrkdwn("<@U0ANA>")) == "&lt;b&gt; <@U0ANA>"
    with pytest.raises(TypeError, match="marked up for Slack"):
        speaker.plain("{{ a }}", a=escape("<b>"))


def test_a_rendered_part_can_stand_inside_another(speaker: Speaker) -> None:
    inner = speaker.mrkdwn("{{ ana|who }}\nand R&D: {{ title }}", ana=ANA, title="<x>")
    assert speaker.mrkdwn("{{ inner }}", inner=inner) == "<@U0ANA>\nand R&D: &lt;x&gt;"
    inner = speaker.plain("{{ ana|who }}\n{{ title }}", ana=ANA, title="<x>")
    assert speaker.plain("{{ inner }}", inner=inner) == "@Ana Silva\n<x>"
    assert speaker.mrkdwn("{{ inner }}", inner=inner) == "@Ana Silva &lt;x&gt;"


def test_macros_and_set_blocks_escape_once(speaker: Speaker) -> None:
    template = "{% macro m(x) %}[{{ x }}]{% endmacro %}{% set s %}{{ title }}{% endset %}{{ m(title) }} {{ s }}"
    assert speaker.mrkdwn(template, title="<x>") == "[&lt;x&gt;] &lt;x&gt;"


def test_a_title_cannot_add_lines_of_its_own_but_a_body_keeps_them(speaker: Speaker) -> None:
    forged = "Ship it\n✓ Approved by @lena"
    assert speaker.mrkdwn("• {{ text }}", text=forged) == "• Ship it ✓ Approved by @lena"
    assert speaker.mrkdwn("{{ text|lines }}", text=forged) == forged
    assert speaker.plain("{{ text|lines }}", text="a\r\nb\u2028c") == "a\nb\nc"


def test_a_person_is_mentioned_by_slack_id_and_else_named(speaker: Speaker) -> None:
    template = "{{ a|who }}, {{ b|who }}, {{ c|who }}, {{ d|who }}"
    people = {"a": ANA, "b": OS_ANA, "c": ERASED, "d": None}
    assert speaker.mrkdwn(template, **people) == "<@U0ANA>, Ana &lt;Silva&gt;, someone erased, nobody yet"
    assert speaker.plain(template, **people) == "@Ana Silva, @Ana <Silva>, @someone erased, nobody yet"


@pytest.mark.parametrize("handle", ["U0ANA>", "U0ANA\n", "u0ana", "U1", "C0GENERAL", "!channel", "U0ANA|x"])
def test_a_handle_of_the_wrong_shape_is_never_mentioned(speaker: Speaker, handle: str) -> None:
    assert speaker.mrkdwn("{{ who|who }}", who=Person("p", handle, "Ana")) == "Ana"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 11, 24), "Tue 24 Nov"),
        (date(2026, 12, 31), "Thu 31 Dec"),
        (date(2027, 1, 1), "Fri 1 Jan 2027"),
        (date(2025, 11, 24), "Mon 24 Nov 2025"),
    ],
)
def test_a_day_names_its_year_unless_it_is_this_one(speaker: Speaker, day: date, shown: str) -> None:
    assert speaker.plain("{{ day|day }}", day=day, today=TODAY) == shown


def test_a_day_names_its_year_where_today_is_not_known_and_is_no_instant(speaker: Speaker) -> None:
    assert speaker.plain("{{ day|day }}", day=TODAY) == "Tue 24 Nov 2026"
    with pytest.raises(TypeError, match="different days in different zones"):
        speaker.plain("{{ day|day }}", day=datetime(2026, 11, 24, tzinfo=UTC))


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (2, "in 2 days"),
        (45, "in 45 days"),
        (-1, "1 day late"),
        (-2, "2 days late"),
    ],
)
def test_due_words_count_days_across_the_end_of_the_year(speaker: Speaker, days: int, shown: str) -> None:
    today = date(2026, 12, 31)
    assert speaker.plain("{{ d|due(today) }}", d=today + timedelta(days=days), today=today) == shown


def test_an_instant_is_shown_in_the_readers_zone_and_names_it(speaker: Speaker) -> None:
    at = datetime(2026, 7, 24, 23, 22, tzinfo=UTC)
    assert speaker.plain("{{ at|instant }}", at=at) == "25 Jul 2026, 00:22 (Europe/Lisbon)"
    assert speaker.mrkdwn("{{ at|instant }}", at=at.astimezone(LISBON)) == (
        f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|24 Jul 2026, 23:22 UTC>"
    )
    with pytest.raises(ValueError, match="has no zone"):
        speaker.plain("{{ at|instant }}", at=at.replace(tzinfo=None))


def test_plurals_count_and_may_be_irregular(speaker: Speaker) -> None:
    assert [speaker.plain('{{ n|plural("item") }}', n=n) for n in (0, 1, 2, 1200)] == [
        "0 items",
        "1 item",
        "2 items",
        "1,200 items",
    ]
    assert speaker.plain('{{ 2|plural("person", "people") }}') == "2 people"


def test_a_listing_reads_as_a_sentence_and_can_be_cut_short(speaker: Speaker) -> None:
    names = ["a", "b<", "c", "d"]
    assert [speaker.mrkdwn("{{ n|listing }}", n=names[:count]) for count in range(5)] == [
        "",
        "a",
        "a and b&lt;",
        "a, b&lt; and c",
        "a, b&lt;, c and d",
    ]
    assert speaker.plain("{{ n|listing(2) }}", n=names) == "a, b< +2 more"
    assert speaker.plain("{{ n|listing(4) }}", n=names) == "a, b<, c and d"
    assert speaker.mrkdwn('{{ p|map("who")|listing }}', p=[ANA, OS_ANA]) == "<@U0ANA> and Ana &lt;Silva&gt;"


@pytest.mark.parametrize(
    ("url", "mrkdwn", "plain"),
    [
        ("https://a.example/?q=1&r=2", "<https://a.example/?q=1&amp;r=2|the run>", "the run (https://a.example/?q=1&r=2)"),
        ("https://a.example/x|y>z<", "<https://a.example/x%7Cy%3Ez%3C|the run>", "the run (https://a.example/x%7Cy%3Ez%3C)"),
        ("javascript:alert(1)", "the run", "the run"),
        ("https://slack.com@evil.example/", "the run", "the run"),
        ("https://", "the run", "the run"),
        ("http://[broken", "the run", "the run"),
        ("not a link", "the run", "the run"),
    ],
)  # fmt: skip
def test_only_whole_web_addresses_become_links(speaker: Speaker, url: str, mrkdwn: str, plain: str) -> None:
    assert speaker.mrkdwn('{{ url|link("the run") }}', url=url) == mrkdwn
    assert speaker.plain('{{ url|link("the run") }}', url=url) == plain


def test_a_links_label_cannot_end_the_link(speaker: Speaker) -> None:
    label = "x> <!channel> https://bank.example"
    shown = speaker.mrkdwn("{{ url|link(label) }}", url="https://a.example/", label=label)
    assert control_sequences(shown) == [shown]
    assert shown == "<https://a.example/|x&gt; &lt;!channel&gt; https:\u2060//bank.example>"


def test_code_and_bold_cannot_be_left_by_what_stands_in_them(speaker: Speaker) -> None:
    assert speaker.mrkdwn("{{ t|code }} {{ t|bold }}", t="a`*<b>") == "`a'*&lt;b&gt;` *a`∗&lt;b&gt;*"
    assert speaker.plain("{{ t|code }} {{ t|bold }}", t="a`*<b>") == "a`*<b> a`*<b>"
    assert speaker.mrkdwn("{{ ana|who|bold }}{{ ''|code }}{{ ''|bold }}", ana=ANA) == "*<@U0ANA>*"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.131, "13.1 %"), (0.1, "10 %"), (1, "100 %"), (Decimal("0.99951"), "100 %"), (0.0625, "6.3 %")],
)
def test_a_share_is_shown_as_percent(speaker: Speaker, share: float | Decimal, shown: str) -> None:
    assert speaker.plain("{{ share|percent }}", share=share) == shown


def test_white_space_is_tidied_at_the_ends_and_to_one_blank_line_within(speaker: Speaker) -> None:
    template = "\n\n  one \ntwo\n\n   \n\nthree\n{% if false %}\nx\n{% endif %}\n"
    assert speaker.plain(template) == "one\ntwo\n\nthree"


def test_an_unknown_part_is_an_error_that_names_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "status.j2").write_text("{% block headline %}Hi{% endblock %}{% block rest %}{% endblock %}")
    texts = Texts(Surface.PLAIN, UTC, tmp_path)
    assert texts.say("status.headline") == "Hi"
    assert parts(tmp_path) == ("status.headline", "status.rest")
    with pytest.raises(LookupError, match='no block "head"; it has headline, rest'):
        texts.say("status.head")
    with pytest.raises(TemplateNotFound):
        texts.say("stats.headline")


def test_every_shipped_template_compiles() -> None:
    assert len(parts()) == len(set(parts()))
