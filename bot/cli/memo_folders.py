"""`rollout memo export` and `rollout memo import`: memos as files of a folder, in the MADR manner."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import memos
from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import say, show, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.actions.memo_imports import Sheet, Unfit
    from bot.cli.desk import Session
    from bot.domain.memos import Memo

app = memos.app

_MOST_FILES = 5000

MemoOrAll = Annotated[str | None, typer.Argument(metavar="ID", help="One memo; else all, with --all.")]
All = Annotated[bool, typer.Option("--all", help="Every memo that this person may read; needs --out.")]
Out = Annotated[str | None, typer.Option("--out", metavar="DIR", help="The folder to write into; made if need be.")]


@command(app, "export")
def export(call: Call, memo: MemoOrAll = None, *, everything: All = False, out: Out = None) -> None:
    """Print a memo as a file in the MADR manner, or write one, or all, into a folder."""
    from bot.actions.readers import memo_for, memos_for
    from bot.cli.desk import reader_in, to_read
    from bot.domain.errors import NotAllowed
    from bot.domain.wording import clean
    from bot.sheets import memo_sheet

    if (memo is None) is not everything or (everything and out is None):
        raise BadUsage("Give the id of one memo, or --all together with --out DIR.")
    with to_read(call) as session, session.desk.reading() as view:
        reader = reader_in(session, view, call)
        found = memos_for(view, reader) if memo is None else (memo_for(view, reader, memo),)
    readable = tuple(each for each in found if reader.reads(each.audience))
    if memo is not None and not readable:
        raise NotAllowed(
            "What this memo says is for the workflow's roles, approvers and admins, so it can't be exported as you."
        )
    if out is None:
        sheet = memo_sheet(readable[0]).removesuffix("\n")
        say(clean(sheet.expandtabs(4)) if sys.stdout.isatty() else sheet)
        return
    _write(Path(out), readable)
    withheld = [each.id for each in found if each not in readable]
    if withheld:
        tell(f"Left out: {len(withheld)} whose text this person may not read.")


def _write(folder: Path, memos: "Sequence[Memo]") -> None:
    """Each memo in a file that is whole or not there at all, however this ends."""
    from bot.sheets import memo_sheet, sheet_name

    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for memo in memos:
            place = folder / sheet_name(memo)
            part = place.with_name(f".{place.name}.part")
            part.write_text(memo_sheet(memo), "utf-8", newline="\n")
            os.replace(part, place)
            written.append({"id": memo.id, "file": place.name})
    except OSError as error:
        why = (error.strerror or "its name is no folder's name").lower()
        raise BadUsage(f"{folder} can't be written into: {why}. {len(written)} of {len(memos)} stand there.") from None
    show({"exported": written})


@command(app, "import")
def take(
    call: Call, folder: Annotated[str, typer.Argument(metavar="FOLDER", help="Where the files of memos stand.")]
) -> None:
    """Take in a folder of exported memos, all or, if one can't be, none; what is known already stays as it is."""
    from bot.actions.memo_imports import ImportRefused, take_in
    from bot.cli.desk import to_change

    with to_change(call) as session:
        sheets, unfit = _read(session, Path(folder))
        try:
            became = session.do(None, take_in, sheets, unfit)
        except ImportRefused as refusal:
            named = [{"file": each.file, "why": each.why} for each in refusal.unfit]
            show({"filed": [], "known": [], "refused": named})
            tell(f"Nothing was filed: {len(named)} of {len(sheets) + len(unfit)} files can't be taken in.")
            raise typer.Exit(1) from None
    filed, known = (
        [{"file": each.file, "id": each.memo_id} for each in became if each.is_new is is_new]
        for is_new in (True, False)
    )
    show({"filed": filed, "known": known, "refused": []})


def _read(session: "Session", folder: Path) -> "tuple[list[Sheet], list[Unfit]]":
    """The memos in a folder's files, and the files that are none."""
    from bot.actions.memo_imports import Unfit
    from bot.cli.memo_files import sheet_of
    from bot.cli.papers import taken_apart, text_of
    from bot.playbooks.problems import PlaybookError

    try:
        places = sorted(place for place in folder.iterdir() if place.suffix == ".md" and place.is_file())
    except OSError as error:
        raise BadUsage(f"{folder} can't be read: {(error.strerror or 'it is no folder').lower()}.") from None
    if not places or len(places) > _MOST_FILES:
        raise BadUsage(f"{folder} holds {len(places):,} files that end in .md: 1 to {_MOST_FILES:,} are taken in.")
    sheets, unfit = list["Sheet"](), list[Unfit]()
    for place in places:
        try:
            paper = taken_apart(text_of(str(place), place.name), place.name)
            sheets.append(sheet_of(paper, session.desk.person))
        except PlaybookError as error:
            problems = (
                f"line {each.line}: {f'{each.key}: ' if each.key else ''}{each.message}" for each in error.problems
            )
            unfit.append(Unfit(place.name, " ".join(problems)))
    return sheets, unfit
