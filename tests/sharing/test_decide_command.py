"""`fairhold decide` as a command: exit codes, one line per line, and what it must not import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fairhold.sharing import gate
from tests.sharing.made_up import in_order, many

HEAVY = {"django", "sqlglot", "psycopg", "psycopg_pool", "pyarrow", "asyncssh", "jsonschema"}
START = "import sys; from fairhold.cli import main; sys.argv[0] = 'fairhold'; main()"


def decide(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", START, "decide", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write(folder: Path, *lines: Any) -> Path:
    file = folder / "requests.jsonl"
    file.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines), "utf-8")
    return file


def test_one_request_prints_one_answer(tmp_path: Path) -> None:
    request = in_order("school")
    done = decide(write(tmp_path, request))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == gate.decide(request).document()


def test_a_refusal_is_a_decision(tmp_path: Path) -> None:
    done = decide(write(tmp_path, in_order("school", need=" ")))
    assert done.returncode == 0
    assert json.loads(done.stdout)["outcome"] == "refuse"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", json.dumps(in_order("school") | {"more": 1})])
def test_a_request_outside_the_schema_exits_2_with_one_sentence(tmp_path: Path, content: str) -> None:
    done = decide(write(tmp_path, content))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(".\n")
    assert done.stderr.count("\n") == 1


def test_a_batch_keeps_its_order_and_answers_every_line(tmp_path: Path) -> None:
    asked = many(3, 40)
    lines: list[Any] = [*asked[:20], "no request", "", {"recipient": "school"}, *asked[20:]]
    done = decide("--batch", write(tmp_path, *lines))
    assert (done.returncode, done.stderr) == (1, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answers[place].keys() for place in (20, 21, 22)] == [{"error"}] * 3
    assert answers[:20] + answers[23:] == [answer.document() for answer in gate.decide_many(asked)]


def test_a_batch_of_requests_alone_exits_0(tmp_path: Path) -> None:
    file = write(tmp_path, in_order("school"), in_order("dfe", need=""))
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n").rstrip())  # as another system ends its lines
    done = decide("--batch", file)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)


def test_a_line_in_another_encoding_does_not_stop_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "mixed.jsonl"
    good = json.dumps(in_order("school")).encode()
    file.write_bytes(b"\n".join((good, b"\xff\xfe", good)))
    done = decide("--batch", file)
    assert done.returncode == 1
    assert ["error" in json.loads(line) for line in done.stdout.splitlines()] == [False, True, False]


@pytest.mark.parametrize("arguments", [["missing.json"], ["--batch", "missing.jsonl"], ["--batch", "."], ["."], []])
def test_a_file_that_cannot_be_read_exits_2(arguments: list[str]) -> None:
    done = decide(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_it_imports_no_web_no_rule_compiler_and_no_database(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom fairhold.cli import root\n"
        f"try: root(['decide', {str(write(tmp_path, in_order('school')))!r}], prog_name='fairhold')\n"
        "except SystemExit: pass\n"
        f"heavy = {HEAVY} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
