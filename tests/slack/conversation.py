"""A person in a conversation with the bot: types, clicks, fills in, and sees what appears.

`ana.types("/rollout start", in_=room); ana.fills(name="refunds").submits(); ana.sees("day 1 of 90")`.
Whatever is awaited is awaited by looking at the workspace until it is there, for `PATIENCE_S` at most.
"""

from collections.abc import Callable, Mapping
from typing import Any, Self

from bot.sandbox import interactions, modal_acts, saying
from bot.sandbox.server import Server
from bot.sandbox.snapshot import show_messages
from tests.slack.reading import Control, Json, controls, fields, preset, words

PATIENCE_S = 10.0
_PICKED = {"users_select": "selected_user", "multi_users_select": "selected_users", "datepicker": "selected_date"}


class Someone:
    """One person of the workspace, from now on: what was said before they came they do not see."""

    def __init__(self, server: Server, user: str, app: str) -> None:
        self.server = server
        self.user = user
        self.room = ""
        self.errors: Mapping[str, str] = {}
        self._app = app
        self._since = server.workspace.next_ts()
        self._typed: dict[str, dict[str, Json]] = {}
        self._ticked: dict[str, Json] = {}
        self._at_home = False

    # What they do

    def types(self, text: str, in_: str | None = None) -> Self:
        """Types into a channel (the one they are in, unless another is named)."""
        self.room = in_ or self.room
        self._at_home = False
        self.server.run(saying.say(self.server.delivery, self.user, self.room, text))
        return self

    def writes_to_the_bot(self, text: str) -> Self:
        """Types into the direct message with the bot."""
        return self.types(text, in_=self.direct)

    def opens_home(self) -> Self:
        """Looks at the bot's Home, and waits until it is drawn."""
        workspace = self.server.workspace
        before = workspace.views.home(self._app, self.user)
        drawn = before["hash"] if before else None

        async def look() -> None:
            interactions.open_home(workspace, self.user, self._app)

        self.server.run(look())
        self._at_home = True
        self._await(lambda: (now := self.home) is not None and now["hash"] != drawn, "the Home")
        return self

    def clicks(self, label: str, beside: str = "") -> Self:
        """Clicks the control called `label` that stands beside these words, in what is in front."""
        shown, control = self._control(label, beside)
        return self.presses(shown, control)

    def picks(self, choice: str, beside: str = "") -> Self:
        """Chooses from the `⋯` menu beside these words."""
        shown, control = self._control("⋯", beside, choice)
        return self.presses(shown, control, selected_option=control.choices[choice])

    def chooses(self, choice: str, beside: str = "") -> Self:
        """Chooses from the menu beside these words; what stood in the window stays with it."""
        shown, control = self._control("static_select", beside, choice)
        return self.presses(shown, control, selected_option=control.choices[choice])

    def selects(self, field: str, choice: str) -> Self:
        """Chooses in a field of the window that tells the bot at once."""
        self.fills(**{field: choice})
        view = self._window_with(field)
        element = fields(view)[field]["element"]
        return self.presses(view, Control("", "", "", field, element), selected_option=_option(element, choice))

    def ticks(self, label: str, beside: str = "", *, off: bool = False) -> Self:
        """Ticks the box called `label` in a message or window, or takes the tick off; Slack keeps that beside it."""
        shown, control = self._control(label, beside)
        chosen = [] if off else list(control.choices.values())
        value = {"type": "checkboxes", "selected_options": chosen}
        self._ticked[_id_of(shown)] = {control.block_id: {control.element["action_id"]: value}}
        return self.presses(shown, control, selected_options=chosen)

    def uses(self, shortcut: str, on: str) -> Self:
        """Chooses a shortcut from the menu of the newest message that holds these words."""
        message = [one for one in self.messages() if on in self.read(one)][-1]
        known = self.server.workspace.apps[self._app].shortcuts
        (callback_id,) = (each.callback_id for each in known if each.name == shortcut)
        order = {"app": self._app, "callback_id": callback_id, "channel": message["channel"], "ts": message["ts"]}
        self.server.run(interactions.use_shortcut(self.server.delivery, self.user, order))
        return self

    def presses(self, shown: Json, control: Control, **element: Any) -> Self:
        """Uses a control of something shown, be it still there or not; `element` replaces what it carries."""
        order = {
            "source": self._source(shown),
            "block_id": control.block_id,
            "action_id": control.element["action_id"],
            "element": element,
            "state": {"values": self._state(shown)},
        }
        self.server.run(interactions.act(self.server.delivery, self.user, order))
        return self

    def fills(self, **answers: object) -> Self:
        """Fills fields of the window in front; each is named as its block, and takes what a person would choose."""
        view = self._window_with(*answers)
        typed = self._typed.setdefault(view["id"], {})
        for name, answer in answers.items():
            typed[name] = _answer(fields(view)[name]["element"], answer)
        return self

    def submits(self) -> Self:
        """Presses the window's button; nothing may be wrong with what was filled in."""
        self.tries_to_submit()
        assert not self.errors, f"The window refused: {self.errors}"
        return self

    def tries_to_submit(self) -> Self:
        """Presses the window's button; what is wrong stands in `errors` then, by field."""
        view = self._window_with()
        state = {"values": self._state(view)}
        self.errors = self.server.run(modal_acts.submit(self.server.delivery, self.user, view["id"], state))
        return self

    def closes(self) -> Self:
        """Closes the window in front."""
        self.server.run(modal_acts.close(self.server.delivery, self.user, self._window_with()["id"]))
        return self

    # What they see

    @property
    def direct(self) -> str:
        """The direct message with the bot."""
        workspace = self.server.workspace

        async def look() -> str:
            return workspace.dm(self.user, workspace.apps[self._app].bot_user).id

        return self.server.run(look())

    @property
    def windows(self) -> list[Json]:
        """The open modals, bottom first."""
        return self.server.workspace.views.stack(self.user)

    @property
    def home(self) -> Json | None:
        """The Home as it is drawn for this person."""
        return self.server.workspace.views.home(self._app, self.user)

    def messages(self, in_: str | None = None) -> list[Json]:
        """What stands in a room for this person since they came, in threads too, oldest first."""
        room = in_ or self.room

        async def look() -> list[Json]:
            place = self.server.workspace.room(room)
            shown = show_messages(place, self.user, None)
            threads = [show_messages(place, self.user, root["ts"]) for root in shown if root.get("reply_count")]
            found = {one["ts"]: one for messages in (shown, *threads) for one in messages}
            return [found[ts] for ts in sorted(found)]

        return [one for one in self.server.run(look()) if one["ts"] > self._since] if room else []

    @property
    def screen(self) -> str:
        """All that is in front: the topmost window, else the Home if that is open, else the room's messages."""
        return "\n———\n".join(self.read(shown) for shown in self._in_front())

    @property
    def controls(self) -> list[Control]:
        """Everything that can be clicked in what is in front."""
        return [control for shown in self._in_front() for control in controls(shown, self._names)]

    def read(self, shown: Json) -> str:
        """A message or view as words."""
        return words(shown, self._names)

    def sees(self, *what: str, in_: str | None = None) -> Self:
        """Waits until one message of that room, or one thing in front, holds all these words."""

        def there() -> bool:
            shown = self.messages(in_) if in_ else self._in_front()
            return any(all(part in self.read(one) for part in what) for one in shown)

        self._await(there, f"{what} {f'in {in_}' if in_ else ''}", in_)
        return self

    def sees_no(self, what: str, in_: str | None = None) -> Self:
        """Makes sure that these words stand nowhere in that room, or in front."""
        shown = self.messages(in_) if in_ else self._in_front()
        found = [self.read(one) for one in shown if what in self.read(one)]
        assert not found, f"{self.user} sees “{what}” in:\n{found}"
        return self

    def sees_no_more(self, what: str, in_: str | None = None) -> Self:
        """Waits until these words stand nowhere in that room, or in front."""

        def gone() -> bool:
            return not any(what in self.read(one) for one in (self.messages(in_) if in_ else self._in_front()))

        self._await(gone, f"“{what}” go", in_)
        return self

    def sees_error(self, field: str, *what: str) -> Self:
        """Makes sure that the last submission was refused beside this field, and that the window still stands."""
        assert field in self.errors, f"Nothing stands beside {field}: {self.errors}"
        for part in what:
            assert part in self.errors[field], f"“{part}” is not in “{self.errors[field]}”"
        assert self.windows
        return self

    def finds(self, label: str, beside: str = "", in_: str | None = None) -> tuple[Json, Control]:
        """A message of that room with the control it has, to be used later, when it may be stale."""
        return self._control(label, beside, in_=in_)

    def typed(self, field: str) -> object:
        """What stands in a field of the window in front."""
        typed = self._typed.get(self._window_with(field)["id"], {}).get(field, {})
        kept = {**preset(fields(self._window_with(field))[field]["element"]), **typed}
        return next((value for name, value in kept.items() if name != "type"), None)

    def options(self, field: str) -> list[str]:
        """The words to choose from in a menu of the window in front."""
        return [option["text"]["text"] for option in fields(self._window_with(field))[field]["element"]["options"]]

    # How

    @property
    def _names(self) -> dict[str, str]:
        people = self.server.workspace.people
        return {id_: person.real_name for id_, person in people.items()}

    def _window_with(self, *asked: str) -> Json:
        """The window in front, as soon as it has these fields."""
        self._await(lambda: bool(self.windows) and set(asked) <= fields(self.windows[-1]).keys(), f"a window {asked}")
        return self.windows[-1]

    def _in_front(self) -> list[Json]:
        if self.windows:
            return self.windows[-1:]
        if self._at_home:
            return [self.home] if self.home else []
        return self.messages()

    def _control(self, label: str, beside: str, choice: str = "", in_: str | None = None) -> tuple[Json, Control]:
        found: list[tuple[Json, Control]] = []

        def there() -> bool:
            found[:] = [
                (shown, control)
                for shown in (self.messages(in_) if in_ else self._in_front())
                for control in controls(shown, self._names)
                if control.label == label and control.is_at(beside) and (not choice or choice in control.choices)
            ]
            return bool(found)

        self._await(there, f"[{label}] {f'with {choice} ' if choice else ''}beside “{beside}”", in_)
        newest = found[-1][0]
        return next(pair for pair in found if pair[0] is newest)

    def _source(self, shown: Json) -> Json:
        if "root_view_id" in shown:
            return {"view": shown["id"]} if shown["type"] == "modal" else {"home": shown["app_id"]}
        return {"message": {"channel": shown["channel"], "ts": shown["ts"]}}

    def _state(self, shown: Json) -> Json:
        ticked = self._ticked.get(_id_of(shown), {})
        if shown.get("type") != "modal":
            return dict(ticked)
        typed = self._typed.get(shown["id"], {})
        asked = fields(shown)
        return ticked | {
            name: {asked[name]["element"]["action_id"]: value} for name, value in typed.items() if name in asked
        }

    def _await(self, holds: Callable[[], bool], what: str, in_: str | None = None) -> None:
        if not self.server.workspace.live.wait_until(holds, PATIENCE_S):
            shown = "\n———\n".join(self.read(one) for one in self.messages(in_)) if in_ else self.screen
            raise AssertionError(f"{self.user} never saw {what}, but this:\n{shown}")


def _id_of(shown: Json) -> str:
    return str(shown["id"]) if "root_view_id" in shown else f"{shown['channel']} {shown['ts']}"


def _answer(element: Json, answer: object) -> Json:
    kind = element["type"]
    if kind in ("radio_buttons", "static_select"):
        return {"type": kind, "selected_option": _option(element, answer)}
    if kind == "checkboxes":
        assert isinstance(answer, list)
        return {"type": kind, "selected_options": [_option(element, one) for one in answer]}
    return {"type": kind, _PICKED.get(kind, "value"): answer}


def _option(element: Json, answer: object) -> Json:
    found: Json = next(one for one in element["options"] if answer in (one["value"], one["text"]["text"]))
    return found
