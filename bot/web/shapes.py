"""What Slack's requests look like: every field that is read has its type, more may come along."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=40_000)]
Name = Annotated[str, Field(max_length=255)]
TeamId = Annotated[str, Field(pattern=r"^[TE][A-Z0-9]{1,31}$")]
UserId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{1,31}$")]
ChannelId = Annotated[str, Field(pattern=r"^[CDG][A-Z0-9]{1,31}$")]
AppId = Annotated[str, Field(pattern=r"^A[A-Z0-9]{1,31}$")]
ViewId = Annotated[str, Field(pattern=r"^V[A-Z0-9]{1,31}$")]
Ts = Annotated[str, Field(pattern=r"^[0-9]{1,12}\.[0-9]{1,6}$")]
Address = Annotated[str, Field(pattern=r"^https?://[^\s]{1,2000}$")]
Command = Annotated[str, Field(pattern=r"^/[^\s/]{1,32}$")]


class Shape(BaseModel):
    """A part of a request: what it names has the type given here; more may come along."""

    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="allow")


class Team(Shape):
    """A workspace by its id."""

    id: TeamId
    enterprise_id: Name | None = None


class Person(Shape):
    """A person by the id."""

    id: UserId
    team_id: TeamId | None = None


class Room(Shape):
    """A channel by its id."""

    id: ChannelId


class Answering(Shape):
    """Where an answer to a modal may be posted."""

    response_url: Address


class State(Shape):
    """What was filled in, by block and action."""

    values: dict[Name, dict[Name, dict[str, Any]]]


class View(Shape):
    """A modal or Home tab as Slack sends it back."""

    id: ViewId
    type: Literal["modal", "home"]
    callback_id: Name = ""
    hash: Name = ""
    private_metadata: Annotated[str, Field(max_length=3_000)] = ""
    state: State | None = None
    team_id: TeamId | None = None
    app_installed_team_id: TeamId | None = None
    root_view_id: ViewId | None = None
    previous_view_id: ViewId | None = None


class Option(Shape):
    """A chosen option."""

    value: Annotated[str, Field(max_length=2_000)] | None = None


class Action(Shape):
    """A click or choice."""

    type: Name
    action_id: Name
    block_id: Name
    value: Annotated[str, Field(max_length=3_000)] | None = None
    selected_option: Option | None = None
    selected_options: list[Option] | None = None
    selected_user: UserId | None = None
    selected_users: list[UserId] | None = None
    selected_channel: ChannelId | None = None
    selected_conversation: ChannelId | None = None


class Somewhere(Shape):
    """The fields by which Bolt finds who speaks from where, in any part of a request that it looks into."""

    type: Name | None = None
    subtype: Name | None = None
    enterprise: Name | Team | None = None
    enterprise_id: Name | None = None
    is_enterprise_install: bool | Name | None = None
    is_ext_shared_channel: bool | None = None
    team: TeamId | Team | None = None
    team_id: TeamId | None = None
    user_team: TeamId | None = None
    user: UserId | Person | None = None
    user_id: UserId | None = None
    channel: ChannelId | Room | None = None
    channel_id: ChannelId | None = None
    thread_ts: Ts | None = None
    ts: Ts | None = None
    bot_id: Name | None = None
    callback_id: Name | None = None
    view: View | None = None
    response_url: Address | None = None
    response_urls: list[Answering] | None = None
    bot_access_token: Name | None = None
    function_execution_id: Name | None = None
    function_data: dict[str, Any] | None = None
    inputs: dict[str, Any] | None = None
    event: "Somewhere | None" = None
    item: "Somewhere | None" = None
    message: "Somewhere | None" = None
    previous_message: "Somewhere | None" = None
    assistant_thread: "Somewhere | None" = None
    authorizations: "list[Somewhere] | None" = None


class Event(Somewhere):
    """What happened."""

    type: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,79}$")]


class EventCallback(Somewhere):
    """An event; `event_id` is what tells a repetition."""

    type: Literal["event_callback"]
    event_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    team_id: TeamId
    api_app_id: AppId
    event: Event


class UrlVerification(Shape):
    """Slack asks whether this address is ours."""

    type: Literal["url_verification"]
    challenge: Name


class RateLimited(Shape):
    """Slack held events back."""

    type: Literal["app_rate_limited"]
    team_id: TeamId
    api_app_id: AppId


class Interaction(Somewhere):
    """What somebody did with something that the app shows."""

    user: Person
    team: Team | None
    api_app_id: AppId
    trigger_id: Name | None = None


class BlockActions(Interaction):
    """A click or choice in a message, modal or Home tab."""

    type: Literal["block_actions"]
    actions: Annotated[list[Action], Field(min_length=1, max_length=25)]
    container: dict[str, Any]
    state: State | None = None


class ViewSubmission(Interaction):
    """A modal sent."""

    type: Literal["view_submission"]
    view: View


class ViewClosed(Interaction):
    """A modal closed."""

    type: Literal["view_closed"]
    view: View


class Shortcut(Interaction):
    """A global shortcut."""

    type: Literal["shortcut"]
    callback_id: Name
    trigger_id: Name


class ShortcutMessage(Somewhere):
    """The message on which a shortcut was used."""

    ts: Ts


class MessageAction(Interaction):
    """A message shortcut."""

    type: Literal["message_action"]
    callback_id: Name
    trigger_id: Name
    channel: Room
    message: ShortcutMessage


class BlockSuggestion(Interaction):
    """Somebody types in a select whose options come from the app."""

    type: Literal["block_suggestion"]
    action_id: Name
    block_id: Name
    value: Text


class SlashCommand(Somewhere):
    """A slash command."""

    command: Command
    text: Text
    user_id: UserId
    team_id: TeamId
    channel_id: ChannelId
    trigger_id: Name
    response_url: Address


class SslCheck(BaseModel):
    """Slack asks whether the address answers; nothing else may come along."""

    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="forbid")
    ssl_check: Literal["1"]
    token: Name = ""


Told = Annotated[EventCallback | UrlVerification | RateLimited, Field(discriminator="type")]
Done = Annotated[
    BlockActions | ViewSubmission | ViewClosed | Shortcut | MessageAction | BlockSuggestion,
    Field(discriminator="type"),
]
