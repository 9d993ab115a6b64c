"""Runs the code of notebooks, cell by cell as Jupyter does, and compares what it prints with what is saved in them.

    python notebook.py [--write] NOTEBOOK...

With --write, what it prints is saved instead. It needs no Jupyter.
"""

import ast
import contextlib
import difflib
import io
import json
import os
import sys
from pathlib import Path


def run(source: str, names: dict) -> str:
    """Runs a cell. Returns what it prints, followed by the value of its last expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "<cell>", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None
    return printed.getvalue() + ("" if value is None else repr(value) + "\n")


def outputs(text: str) -> list:
    """The output of a cell in the form in which a notebook saves it."""
    return [{"name": "stdout", "output_type": "stream", "text": text.splitlines(keepends=True)}] if text else []


def check(notebook: Path, writes: bool) -> int:
    """Runs a notebook in its own folder. Returns the number of cells whose output differs from the saved one."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    os.chdir(notebook.parent)
    names = {"__name__": "__main__"}
    wrong = 0
    cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, 1):
        printed = run("".join(cell["source"]), names)
        saved = "".join(line for output in cell["outputs"] for line in output["text"])
        if writes:
            cell["outputs"], cell["execution_count"] = outputs(printed), number
        elif printed != saved:
            wrong += 1
            lines = difflib.unified_diff(saved.splitlines(), printed.splitlines(), "saved", "printed", lineterm="")
            print(f"{notebook.name}, code cell {number}:", *lines, sep="\n")
    if writes:
        notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{notebook.name}: {len(cells)} code cells run, {wrong} print something else than what is saved")
    return wrong


if __name__ == "__main__":
    writes = "--write" in sys.argv
    names = [Path(name).resolve() for name in sys.argv[1:] if name != "--write"]
    sys.exit(sum(check(name, writes) for name in names) > 0)
