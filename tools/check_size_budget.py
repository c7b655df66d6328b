# SPDX-License-Identifier: Apache-2.0
"""Checks that modules and functions stay small, say what they are for, and drop no errors.

Run by `make check`. Prints the figures, then every finding with its file and line; exits with 1 when
there is one. Looks at all Python files that git tracks in the folders of the product.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("app", "workers", "hardware", "archive", "tests", "tools", "benchmarks")
LICENCE_LINE = "# SPDX-License-Identifier: Apache-2.0"

MODULE_LINES = 500
TEST_MODULE_LINES = 800
FUNCTION_LINES = 50
MEDIAN_MODULE_LINES = 200
MEDIAN_FUNCTION_LINES = 12
PUBLIC_DOCSTRINGS = 0.85

EXCEPTIONS: dict[tuple[str, str], str] = {
    ("archive/registry/migrations/versions/0001_first_tables.py:upgrade", "function-lines"): (
        "a plain list of tables, frozen for ever once it is released"
    ),
}
"""Findings that may stand for now: (path or path:function, rule) -> reason.

The list only shrinks: an entry that excuses nothing any more is a finding itself.
"""

Function = ast.FunctionDef | ast.AsyncFunctionDef
_BROAD = frozenset({"Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule.

    Attributes:
        place: The path, or path:function.
        line: Line number, 0 where the finding is about many lines.
        rule: Short name of the rule, as exceptions name it.
        message: What is wrong, with the figures.
    """

    place: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Module:
    """One file, read and parsed.

    Attributes:
        path: Relative to the repository, with slashes.
        source: Its text.
        tree: Its syntax.
    """

    path: str
    source: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """Lines of the file, comments and blank ones included."""
        return len(self.source.splitlines())

    @property
    def is_test(self) -> bool:
        """Whether the roomier limits of tests hold."""
        return self.path.startswith("tests/")

    @property
    def has_code(self) -> bool:
        """Whether there is more than a docstring."""
        return len(self.tree.body) > 1

    def functions(self) -> Iterator[tuple[str, Function]]:
        """All functions and methods with their dotted names, nested ones too."""
        yield from _functions(self.tree, "")


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        name = prefix
        if isinstance(child, Function | ast.ClassDef):
            name = f"{prefix}{child.name}."
        if isinstance(child, Function):
            yield name.removesuffix("."), child
        yield from _functions(child, name)


def tracked_modules(root: Path) -> list[Module]:
    """All Python files that git tracks in the product's folders.

    Raises:
        subprocess.CalledProcessError: `root` is not in a git repository.
        SyntaxError: A file is not Python.
    """
    command = ["git", "-C", str(root), "ls-files", "-z", "--", *(f"{folder}/*.py" for folder in FOLDERS)]
    listed = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    # a file that was deleted but not yet committed is still listed
    paths = [path for path in listed.split("\0") if path and (root / path).is_file()]
    sources = {path: (root / path).read_text(encoding="utf-8") for path in paths}
    return [Module(path, source, ast.parse(source, path)) for path, source in sources.items()]


def function_lines(function: Function) -> int:
    """Lines from `def` to the last statement without the docstring, which is help and not weight."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def module_findings(module: Module) -> Iterator[Finding]:
    """What is wrong with one file by itself."""
    limit = TEST_MODULE_LINES if module.is_test else MODULE_LINES
    if module.lines > limit:
        yield Finding(module.path, module.lines, "module-lines", f"{module.lines} lines, {limit} allowed")
    if not module.source.startswith(LICENCE_LINE + "\n"):
        yield Finding(module.path, 1, "licence-line", f"the first line is not {LICENCE_LINE!r}")
    if not ast.get_docstring(module.tree):
        yield Finding(module.path, 1, "module-docstring", "no docstring says what lives here")
    if not module.is_test:
        for name, function in module.functions():
            if (lines := function_lines(function)) > FUNCTION_LINES:
                message = f"{lines} lines, {FUNCTION_LINES} allowed"
                yield Finding(f"{module.path}:{name}", function.lineno, "function-lines", message)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and _drops(node):
            yield Finding(module.path, node.lineno, "dropped-error", "a broad handler drops what it caught")
        if isinstance(node, ast.Call) and _suppresses_broadly(node):
            yield Finding(
                module.path, node.lineno, "dropped-error", "a broad suppress() drops what it caught"
            )


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(element) for element in caught.elts)
    return isinstance(caught, ast.Name) and caught.id in _BROAD


def _drops(handler: ast.ExceptHandler) -> bool:
    """Whether a handler neither raises, nor looks at the error, nor logs it with its traceback."""
    for node in (inner for statement in handler.body for inner in ast.walk(statement)):
        if isinstance(node, ast.Raise):
            return False
        if isinstance(node, ast.Name) and handler.name is not None and node.id == handler.name:
            return False
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "exception"
        ):
            return False
    return True


def _suppresses_broadly(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name == "suppress" and any(_is_broad(argument) for argument in call.args)


def public_names(module: Module) -> Iterator[tuple[str, bool]]:
    """Public classes, functions and methods of a module, and whether each has a docstring."""
    yield from _public(module.tree.body, "")


def _public(body: Iterable[ast.stmt], prefix: str) -> Iterator[tuple[str, bool]]:
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, ast.get_docstring(node) is not None
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body, f"{prefix}{node.name}.")


@dataclass(frozen=True, slots=True)
class Figures:
    """The product as a whole, tests left out.

    Attributes:
        modules: Files with code.
        median_module: Lines of the middle one.
        functions: Functions and methods.
        median_function: Lines of the middle one.
        documented: Share of public names with a docstring, 0 to 1.
    """

    modules: int
    median_module: float
    functions: int
    median_function: float
    documented: float

    def __str__(self) -> str:
        return (
            f"{self.modules} modules, median {self.median_module:g} lines (at most {MEDIAN_MODULE_LINES}); "
            f"{self.functions} functions, median {self.median_function:g} lines (at most {MEDIAN_FUNCTION_LINES}); "
            f"{self.documented:.1%} of public names documented (at least {PUBLIC_DOCSTRINGS:.0%})"
        )

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the product as a whole."""
        if self.median_module > MEDIAN_MODULE_LINES:
            yield Finding(
                "product", 0, "median-module", f"the median module has {self.median_module:g} lines"
            )
        if self.median_function > MEDIAN_FUNCTION_LINES:
            yield Finding(
                "product", 0, "median-function", f"the median function has {self.median_function:g} lines"
            )
        if self.documented < PUBLIC_DOCSTRINGS:
            yield Finding(
                "product", 0, "public-docstrings", f"only {self.documented:.1%} of public names have one"
            )


def figures_of(modules: Iterable[Module]) -> Figures:
    """Measure the product; tests do not count."""
    product = [module for module in modules if not module.is_test and module.has_code]
    lengths = [function_lines(function) for module in product for _, function in module.functions()]
    documented = [has_docstring for module in product for _, has_docstring in public_names(module)]
    return Figures(
        modules=len(product),
        median_module=statistics.median([module.lines for module in product] or [0]),
        functions=len(lengths),
        median_function=statistics.median(lengths or [0]),
        documented=sum(documented) / len(documented) if documented else 1.0,
    )


def standing_findings(findings: Iterable[Finding], exceptions: dict[tuple[str, str], str]) -> list[Finding]:
    """The findings that no exception excuses, and the exceptions that excuse nothing."""
    unused = dict(exceptions)
    standing = []
    for finding in findings:
        key = (finding.place, finding.rule)
        unused.pop(key, None)
        if key not in exceptions:
            standing.append(finding)
    stale = "nothing needs this exception any more: take it out of the list"
    return standing + [Finding(place, 0, rule, stale) for place, rule in unused]


def main(root: Path, exceptions: dict[tuple[str, str], str]) -> int:
    """Check the repository at `root`; 0 when nothing stands against it, else 1."""
    modules = tracked_modules(root)
    figures = figures_of(modules)
    print(figures)
    findings = [finding for module in modules for finding in module_findings(module)]
    standing = standing_findings([*findings, *figures.findings()], exceptions)
    for finding in standing:
        print(finding)
    return 1 if standing else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent, EXCEPTIONS))
