"""The columns engine for a check of files: in memory, touching no disk and no network, started as fast as it can be."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any


def open_bench(threads: int = 0) -> Any:
    """A fresh in-memory DuckDB that can open no file, no address and no extension. The caller closes it."""
    con = open_engine(threads)
    seal(con)
    return con


def open_engine(threads: int = 0) -> Any:
    """As `open_bench`, but it may still open files, until it is sealed.

    The engine itself is loaded without its Python conveniences: they take three times as long to load.
    """
    try:
        engine = import_module("_duckdb")
    except ImportError:  # a release that keeps its engine under another name
        engine = import_module("duckdb")
    return engine.connect(
        ":memory:",
        config={
            "threads": str(threads or cores()),
            "temp_directory": "",
            "memory_limit": "4GB",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
        },
    )


def seal(con: Any) -> None:
    """Let a connection open nothing any more; what is open stays open."""
    con.execute("set enable_external_access = false")


def cores() -> int:
    """The processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
