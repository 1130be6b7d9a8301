"""Opening a file: from a path or bytes to a reading, or a refusal with its sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fairhold.formats import kinds
from fairhold.formats.csvread import open_csv
from fairhold.formats.domain import SIZE_LIMIT, Reading, refusal
from fairhold.formats.encoding import Decoded, Undeclared, looks_like_xml, xml_text
from fairhold.formats.xmlcheck import Checked, Hostile, check
from fairhold.formats.xmlread import Broken, XmlReading, header
from fairhold.formats.xmltext import without_specials


class Unreadable(Exception):
    """The path leads to nothing that can be read; `sentence` says what and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def load(path: Path, limit: int = SIZE_LIMIT) -> bytes | None:
    """The bytes of a file, or None when there are more than `limit`. Raises Unreadable."""
    try:
        if not path.exists():
            raise Unreadable("There is no such file: check the path.")
        if not path.is_file():
            raise Unreadable("This is no file: name the files themselves.")
        with path.open("rb") as stream:
            data = stream.read(limit + 1) if path.stat().st_size <= limit else None
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or "the path is no path"
        raise Unreadable(f"The file cannot be opened ({what}): check the path and who may read it.") from error
    return data if data is not None and len(data) <= limit else None


def open_file(source: Path | str | bytes, *, limit: int = SIZE_LIMIT) -> Reading:
    """Open a file by what is in it. Raises Unreadable for a path that cannot be read, and nothing else.

    The answer is a Reading; ask it for `refused` first.
    """
    data = source if isinstance(source, bytes) else load(Path(source), limit)
    if data is None or len(data) > limit:
        return refusal("too-large", f"The file is over {limit // 1_048_576} MB, which is not read: split it.")
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return refusal("not-xml", "The file is empty: ask the sender for it again.")
    if looks_like_xml(data):
        return _open_xml(data)
    return open_csv(data)


def recognise(source: Path | str | bytes) -> str | None:
    """The kind of a file by what is in it ("ctf", "ssda903", …), None when no format that is read is like it."""
    return open_file(source).kind


def _open_xml(data: bytes) -> Reading:
    try:
        text = xml_text(data)
    except Undeclared as fault:
        return refusal("encoding", fault.sentence)
    if b"\r" in text.data:
        plain = text.data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        text = replace(text, data=plain, fault_at=None if text.fault_at is None else len(plain))
    try:
        checked = check(text.data)
    except Hostile as fault:
        if fault.kind == "not-xml" and _misfit(text, len(text.data)):
            return refusal("encoding", _MISFIT)
        seen = kinds.TRANSFERS.get(fault.doctype or "")
        return refusal(fault.kind, fault.sentence, of=seen.kind if seen else None)
    return _reading(text, checked)


_MISFIT = "The bytes do not fit the encoding the file declares: ask the sender to write it again."


def _misfit(text: Decoded, upto: int) -> bool:
    """True when what stops the file just after byte `upto` is a byte that does not fit its encoding."""
    if text.fault_at is not None:
        return text.fault_at <= upto + 4 and not text.cut
    try:
        text.data[: upto + 8].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start <= upto + 4 and "end of data" not in error.reason
    return False


def _broken(text: Decoded, checked: Checked) -> tuple[int, Broken | None]:
    """The byte up to which the file is read, and what is wrong there."""
    at = checked.broken_at
    if at is None:
        if text.fault_at is None:
            return len(text.data), None
        at = len(text.data)
    line = text.data.count(b"\n", 0, at) + 1
    if _misfit(text, at):
        return at, Broken(line, "encoding", f"{_MISFIT[:-1]}; what follows is not read.")
    why = checked.message or "it ends in the middle of a letter"
    sentence = f"The file stops being well-formed here ({why}): ask the sender for it again."
    return at, Broken(line, "truncated", sentence)


def _reading(text: Decoded, checked: Checked) -> Reading:
    end, broken = _broken(text, checked)
    body = text.data[checked.start : end]
    if checked.specials:
        body = without_specials(body)
    form = kinds.of_xml(checked.root, body)
    if form is None:
        if broken is not None and checked.root.rpartition(":")[2] == "Message" and b"Collection>" not in body:
            return XmlReading(broken=broken, encoding=text.encoding)
        return refusal("unknown-kind", "No format that is read has this root or collection: check which file was sent.")
    found = header(form, body)
    return XmlReading(
        kind=form.kind,
        version=kinds.version(form, found),
        header=found,
        encoding=text.encoding,
        form=form,
        body=body,
        first_line=text.data.count(b"\n", 0, checked.start) + 1,
        marked=checked.specials,
        broken=broken,
    )
