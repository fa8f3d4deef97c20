"""Plugins in WebAssembly for the tests, and configurations with them."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from .gateway import REPOSITORY

LIBRARY = Path(os.environ.get("BUTTER_EXTISM_LIBRARY",
                              REPOSITORY / "build/extism/libextism.so"))
CLANG = shutil.which("clang-19") or shutil.which("clang")
LINKER = shutil.which("wasm-ld-19") or shutil.which("wasm-ld")

needs_wasm = pytest.mark.skipif(not (LIBRARY.exists() and CLANG and LINKER),
                                reason="libextism or clang with wasm-ld is missing")


@functools.cache
def module(source):
    """The module of a C file of this repository, built once a run."""
    built = Path(tempfile.mkdtemp(prefix="butter-wasm-")) / (Path(source).stem + ".wasm")
    subprocess.run([CLANG, "--target=wasm32", "-O2", "-mbulk-memory", "-nostdlib", "-Wall",
                    "-Wextra", "-Werror", f"-fuse-ld={LINKER}", "-Wl,--no-entry", "-o", built,
                    REPOSITORY / source], check=True)
    return str(built)


def plugin(mode, name="p", config=None, **settings):
    """The exerciser in this mode; `config` is what it reads besides. Slow machines have time."""
    return {"name": name, "path": module("tests/wasm/exerciser.c"), "timeout": "5s",
            "config": {"mode": mode, **(config or {})}, **settings}


def guard(**settings):
    """The prompt-injection guard as a module."""
    return {"name": "guard", "path": module("sdk/c/guard.c"), "timeout": "5s", "config": settings}


def with_plugins(*plugins, **wasm):
    """The part of a configuration that loads them."""
    return {"wasm": {"library": str(LIBRARY), **wasm}, "wasm_plugins": list(plugins),
            "plugins": {"metrics": {}, "requestlog": {}}}
