"""How a lie is found: events are read in order, the tree is grown again, and every checkpoint is held against it.

Pure: the events may come from the database or from an exported file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fairhold.ledger import tree
from fairhold.ledger.checkpoints import Checkpoint
from fairhold.ledger.domain import Stored
from fairhold.ledger.keys import Key

MOST = 20  # findings of one kind that are listed


@dataclass(frozen=True)
class Finding:
    """One thing wrong: its kind, the number of the first event it shows at, and a plain sentence."""

    kind: str
    seq: int
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What was read, up to which root, against how many checkpoints, and all that is wrong with it."""

    size: int
    root: bytes
    checkpoints: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.findings

    def sentence(self) -> str:
        """The verdict in one sentence."""
        if not self.ok:
            return f"The ledger is not as it was signed: {self.findings[0].sentence}"
        pinned = f"{self.checkpoints} checkpoint{'s' if self.checkpoints != 1 else ''}"
        held = f"agree with {pinned}" if self.checkpoints else "agree with one another (there is no checkpoint)"
        return f"All {self.size} events are in place, unchanged and in order; they {held}."


@dataclass
class _Examination:
    """The state of one reading."""

    key: Key | None
    frontier: tree.Frontier = field(default_factory=tree.Frontier)
    due: int = 1
    intact: bool = True
    findings: list[Finding] = field(default_factory=list)

    def say(self, kind: str, seq: int, sentence: str) -> None:
        if sum(finding.kind == kind for finding in self.findings) < MOST:
            self.findings.append(Finding(kind, seq, sentence))

    def read(self, row: Stored) -> None:
        self._number(row.event.seq)
        leaf = row.event.leaf()
        if row.nodes is not None and row.nodes[:1] != (leaf,):
            self.intact = False
            self.say("changed", row.event.seq, f"event {row.event.seq} was changed after it was written.")
        self.frontier, completed = self.frontier.add(leaf)
        if self.intact and row.nodes is not None and row.nodes != completed:
            self.intact = False
            self.say("tree", row.event.seq, f"event {row.event.seq} no longer stands where it was written.")
        if self.intact and self.key and row.seal != self.key.seal(self.frontier.size, self.frontier.root()):
            self.intact = False
            self.say("seal", row.event.seq, f"event {row.event.seq} was not written by Fairhold: its seal is wrong.")

    def _number(self, seq: int) -> None:
        if seq > self.due:
            which = f"event {self.due} is" if seq == self.due + 1 else f"events {self.due} to {seq - 1} are"
            self.say("missing", self.due, f"{which} missing.")
        elif seq < self.due:
            self.say("order", seq, f"event {seq} stands twice or in the wrong place.")
        self.intact = self.intact and seq == self.due
        self.due = seq + 1


def examine(rows: Iterable[Stored], checkpoints: Iterable[Checkpoint], key: Key | None) -> Verdict:
    """Grow the tree again from `rows` and hold `checkpoints` against it.

    With the ledger's own `key` each event's seal is checked too, and checkpoints of other keys are refused; an outsider
    passes None.
    """
    state = _Examination(key)
    genuine = list(_genuine(state, sorted(set(checkpoints), key=lambda each: (each.size, each.line()))))
    roots = _read_all(state, rows, {each.size for each in genuine})
    _compare(state, genuine, roots)
    return Verdict(state.frontier.size, state.frontier.root(), len(genuine), tuple(state.findings))


def _genuine(state: _Examination, checkpoints: Sequence[Checkpoint]) -> Iterator[Checkpoint]:
    for each in checkpoints:
        if not each.genuine():
            state.say(
                "checkpoint", each.size, f"the checkpoint of {each.size} events is a forgery: its signature fails."
            )
        elif state.key and each.key != state.key.public:
            state.say("checkpoint", each.size, f"the checkpoint of {each.size} events was signed by another key.")
        else:
            yield each


def _read_all(state: _Examination, rows: Iterable[Stored], wanted: set[int]) -> dict[int, bytes]:
    roots = {0: tree.EMPTY_ROOT}
    for row in rows:
        state.read(row)
        if state.frontier.size in wanted:
            roots[state.frontier.size] = state.frontier.root()
    return roots


def _compare(state: _Examination, checkpoints: Sequence[Checkpoint], roots: dict[int, bytes]) -> None:
    held = 0
    for each in checkpoints:
        when = f"{each.at:%d %B %Y %H:%M} UTC"
        if each.size not in roots:
            sentence = (
                f"the checkpoint of {when} saw {each.size} events, the ledger ends after {state.frontier.size}: "
                "its end was cut off, or an older copy was put back."
            )
            state.say("short", state.frontier.size, sentence)
            return
        if roots[each.size] != each.root:
            sentence = (
                f"the events {held + 1} to {each.size} are not those signed on {when}: "
                "something was changed, added, removed or moved, and the hashes after it computed afresh."
            )
            state.say("rewritten", held + 1, sentence)
            return
        held = each.size
