"""A question of an agent: its card before and after the answer, its windows, the day's message, and the list."""

from collections.abc import Iterator
from decimal import Decimal

from bot.actions.asking import Sight
from bot.domain.escrow import DayOfQuestions, Question, QuestionState
from bot.domain.grants.log import as_json
from bot.domain.grants.phrases import amount, subject
from bot.domain.people import Person
from bot.domain.workflows import Workflow
from bot.slack.blocks import TYPED_LIMIT, Block, Screen, actions, button, context, field, modal, section, typed
from bot.slack.pen import Pen

_LIST_LIMIT = 20
_FIELDS_LIMIT = 20
_LONGEST_PATH = 200
_FEW = 3
_MONEY = ("_usd", "_eur", "_gbp")

NOTE = "a-word"
"""The block in which an edit's note is typed; no fact has a hyphen in its name."""


def fact_words(path: str, value: object) -> str:
    """A fact as people read it, with the unit that its name tells: "amount $42.00", "tenure 412 days"."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{subject(path)} {_amount(path, Decimal(value))}"
    told = value if isinstance(value, str) else as_json(value)
    return f"{path.replace('_', ' ')} {told}"


def _amount(path: str, value: Decimal) -> str:
    """Money with its cents, which the digits of the fact alone may not show."""
    if not path.endswith(_MONEY) or value != round(value, 2):
        return amount(path, value)
    return f"{'-' if value < 0 else ''}{amount(path, Decimal(0))[0]}{abs(value):,.2f}"


def headline(pen: Pen, sight: Sight) -> str:
    """Who asks for what, with the amount and in the agent's own words."""
    money = [fact_words(path, value).rpartition(" ")[2] for path, value in sight.named if path.endswith(_MONEY)]
    return pen.md("escrow.headline", q=sight.question, money=money)


def question_card(pen: Pen, sight: Sight) -> Screen:
    """The card: what is asked, the facts, why a person; buttons while it waits, afterwards what became of it."""
    question = sight.question
    title = headline(pen, sight)
    facts = [fact_words(path, value) for path, value in sight.named]
    blocks: list[Block] = [section(title)]
    told = pen.md("escrow.facts", q=question, facts=facts, others=sight.others)
    if sight.state is not QuestionState.PENDING:
        blocks.append(section(told))
        blocks.append(context(pen.md("escrow.outcome", q=question, state=sight.state.value, minutes=sight.use_minutes)))
        return Screen(title, tuple(blocks))
    why = pen.md("escrow.why", why=sight.why, barred=sight.barred)
    blocks.append(section(f"{told}\n{why}"))
    blocks.append(context(pen.md("escrow.expires", q=question, minutes=sight.use_minutes)))
    blocks.append(actions(*_answers(sight)))
    return Screen(title, tuple(blocks))


def _answers(sight: Sight) -> Iterator[Block]:
    question = sight.question
    if not sight.barred:
        yield button("Approve", "question.approve", question.id, style="primary")
        if editable(sight):
            yield button("Edit…", "question.edit", question.id)
    yield button("Reject…", "question.reject", question.id)


def shown(value: object) -> str:
    """A fact as its field shows it."""
    return value if isinstance(value, str) else as_json(value)


def editable(sight: Sight) -> tuple[tuple[str, object], ...]:
    """The named facts that a field can hold whole: numbers, texts, true and false."""
    plain = [(path, value) for path, value in sight.named if isinstance(value, str | bool | int | Decimal)]
    whole = [(path, value) for path, value in plain if len(shown(value)) <= TYPED_LIMIT and len(path) <= _LONGEST_PATH]
    return tuple(whole[:_FIELDS_LIMIT])


def edit_modal(pen: Pen, sight: Sight, memory: str) -> Block:
    """One field for each fact that the grant names; what no field can hold is named, and stays as it is."""
    found = editable(sight)
    blocks: list[Block] = [section(headline(pen, sight)), context(pen.md("escrow.edit_what"))]
    blocks += (_fact_field(path, shown(value)) for path, value in found)
    if left := [path for path, _ in sight.named if path not in dict(found)]:
        blocks.append(context(pen.md("escrow.edit_left", names=left)))
    blocks.append(field(NOTE, pen.plain("escrow.note_label"), typed(multiline=True, limit=1000), optional=True))
    return modal("question.edit", "Edit and approve", blocks, submit="Approve", metadata=memory)


def _fact_field(path: str, text: str) -> Block:
    """A field that gives back what it was given: with room for lines, and not demanded where nothing stands in it."""
    element = typed(text, multiline="\n" in text)
    return field(path, path.replace("_", " ").capitalize()[:48], element, optional=not text.strip())


def reject_modal(pen: Pen, sight: Sight, memory: str) -> Block:
    """The question why not."""
    why = field("note", pen.plain("escrow.reject_label"), typed(multiline=True, limit=1000))
    return modal("question.reject", "Reject", [section(headline(pen, sight)), why], submit="Reject", metadata=memory)


def day_screen(pen: Pen, workflow: Workflow, day: DayOfQuestions) -> Screen:
    """The one message of a day, under which its questions stand."""
    text = pen.md("escrow.day", w=workflow, d=day)
    return Screen(text, (section(text),))


def nudge_screen(pen: Pen, workflow: Workflow, waiting: tuple[Question, ...], people: tuple[Person, ...]) -> Screen:
    """The one mention of those who may answer."""
    text = pen.md("escrow.nudge", w=workflow, count=len(waiting), oldest=waiting[0], people=list(people))
    return Screen(text, (section(text),))


def waiting_block(pen: Pen, question: Question) -> Block:
    """One question in a line, with the way to its card."""
    return section(pen.md("escrow.line", q=question), button("Look", "question.open", question.id))


def waiting_blocks(pen: Pen, waiting: tuple[Question, ...]) -> Iterator[Block]:
    """The first few of them, and where there are more the way to all: a flood leaves room for the rest of the Home."""
    yield from (waiting_block(pen, question) for question in waiting[:_FEW])
    if len(waiting) > _FEW:
        yield section(pen.md("escrow.list_title", count=len(waiting)), button("Look at them", "question.list"))


def questions_screen(pen: Pen, waiting: tuple[Question, ...]) -> Screen:
    """What agents wait for, the oldest first."""
    title = pen.md("escrow.list_title", count=len(waiting))
    blocks = [section(title), *(waiting_block(pen, question) for question in waiting[:_LIST_LIMIT])]
    if len(waiting) > _LIST_LIMIT:
        blocks.append(context(pen.md("escrow.list_more", count=len(waiting) - _LIST_LIMIT)))
    return Screen(title, tuple(blocks))
