"""The fast reader against an independent one: lxml's tree, walked by the contract's own sentences."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from fairhold.formats import xmlread
from fairhold.formats.ctf import CTF
from fairhold.formats.places import block
from fairhold.formats.xmltext import without_specials
from tests.formats.drawn import read

KNOWN = {path for path, element in CTF.below(CTF.rows[0]).items() if not element.is_container}

NAMES = ["UPN", "Surname", "Email", "BasicDetails", "Disabilities", "Disability", "Contacts", "Contact", "Order"]
NAMES += ["Phones", "Phone", "PhoneNo", "Address", "PostCode", "Strange", "Pupil", "Header"]
texts = st.sampled_from(["", " ", "a", " a b ", "\n x \n", "&amp;", "&#x41;&lt;", "O'Neill", 'q"q', "a > b", "\u00a0é"])
texts = st.one_of(texts, st.sampled_from(["<!-- r\n -->", "<![CDATA[ <a>\n]]>", "<?i\n?>", "a<!-- </Pupil> -->b"]))
tags = st.tuples(
    st.sampled_from(NAMES), st.sampled_from(["", " ", ' a="1"', " a='>'", ' a="</x"'.replace("<", "&lt;")])
)


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element with attributes, text, children and text between them."""

    def written(tag: tuple[str, str], parts: list[str], empty: bool) -> str:
        if empty:
            return f"<{tag[0]}{tag[1]}/>"
        return f"<{tag[0]}{tag[1]}>{''.join(parts)}</{tag[0]}{tag[1].strip() and ' '}>"

    return st.builds(written, tags, st.lists(st.one_of(children, children, texts), max_size=5), st.booleans())


leaves = st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", st.sampled_from(NAMES[:-2]), texts)
pupils = st.lists(
    st.lists(st.one_of(leaves, st.recursive(leaves, element, max_leaves=8), st.just("\n  ")), max_size=8).map(
        lambda parts: f"<Pupil>{''.join(parts)}</Pupil>"
    ),
    max_size=4,
)


def walked(node: etree._Element, path: str, plain: str, found: list[tuple[str, int, str, bool]]) -> None:
    """Every text below a node, by the contract: names joined by /, [n] from the second of a name on."""
    own = "".join([node.text or "", *(child.tail or "" for child in node)]).strip()
    counts: dict[str, int] = {}
    for child in node:
        name = child.tag
        counts[name] = n = counts.get(name, 0) + 1
        step = name if n == 1 else f"{name}[{n}]"
        walked(child, f"{path}/{step}" if path else step, f"{plain}/{name}" if plain else name, found)
    if own:
        found.append((path or node.tag, node.sourceline, own, plain in KNOWN))


@settings(max_examples=400, deadline=None)
@given(pupils)
def test_the_reader_says_what_an_independent_one_says(rows: list[str]) -> None:
    text = "<CTfile><CTFpupilData>\n" + "\n".join(rows) + "</CTFpupilData></CTfile>"
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, strip_cdata=True, resolve_entities=False)
    tree = etree.fromstring(text.encode(), parser)
    expected_rows, expected_unknown = [], []
    for number, node in enumerate(tree.find("CTFpupilData"), 1):
        found: list[tuple[str, int, str, bool]] = []
        walked(node, "", "", found)
        expected_rows.append((number, node.sourceline, {path: value for path, _, value, known in found if known}))
        expected_unknown += [(number, line, path, value) for path, line, value, known in found if not known]
    reading, good = read(text)
    sent = {row.row: (row.row, row.line, dict(row.values)) for row in good}
    for item in reading.set_aside:  # what the judge took out goes back in: here only the reading is compared
        _, _, values = sent.setdefault(item.row or 0, (item.row or 0, 0, {}))
        values.update(item.values)
    assert [(number, values) for number, _, values in (sent[n] for n in sorted(sent))] == [
        (number, values) for number, _, values in expected_rows
    ]
    lines = {number: line for number, line, _ in expected_rows}
    assert all(row.line == lines[row.row] for row in good)
    assert sorted(map(tuple, reading.unknown)) == sorted(expected_unknown)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(leaves, max_size=8).map("".join), min_size=1, max_size=30))
def test_the_fast_way_gives_what_the_exact_walk_gives(inners: list[str]) -> None:
    rows = block(CTF, CTF.rows[0])
    shapes = xmlread.Shapes(rows)
    for inner in inners:
        walker = xmlread.walker(CTF, {"Pupil": block(CTF, CTF.rows[0])})
        plain = without_specials(inner.encode()).decode()
        (piece,) = [p for p in walker.feed(f"<CTfile><Pupil>{plain}</Pupil>") if p.name == "Pupil"]
        exact = {entry.path: entry.text for entry in piece.entries}
        fast = shapes.values(f"<Pupil>{plain}")
        if fast is not None:
            assert fast == exact
            for entry in piece.entries:
                assert 1 + shapes.breaks_before(entry.path) == entry.line
