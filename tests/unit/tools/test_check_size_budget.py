# SPDX-License-Identifier: Apache-2.0
"""The size budget finds what is too large, unexplained or silent, and nothing else."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "tools" / "check_size_budget.py"
HEAD = '# SPDX-License-Identifier: Apache-2.0\n"""What lives here."""\n'


@pytest.fixture(scope="module")
def budget() -> ModuleType:
    specification = importlib.util.spec_from_file_location("check_size_budget", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["check_size_budget"] = module  # dataclasses look their module up by name
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def rules_broken(budget: ModuleType) -> Callable[..., list[str]]:
    """The rules that one file breaks, by name."""

    def check(source: str, path: str = "app/module.py") -> list[str]:
        module = budget.Module(path, source, ast.parse(source))
        return [finding.rule for finding in budget.module_findings(module)]

    return check


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], Path]:
    """A git repository with some files added to it."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):  # set when a git hook runs the tests
        monkeypatch.delenv(name, raising=False)

    def make(files: dict[str, str]) -> Path:
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)  # noqa: S607  # git of the machine
        for name, source in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        subprocess.run(["git", "-C", str(tmp_path), "add", *files], check=True)  # noqa: S607
        return tmp_path

    return make


def function_of(lines: int, docstring: str = "") -> str:
    body = "    pass\n" * (lines - 1)
    return f"def work() -> None:\n{docstring}{body}"


def test_a_small_documented_module_breaks_nothing(rules_broken: Callable[..., list[str]]) -> None:
    assert rules_broken(HEAD + function_of(50)) == []


@pytest.mark.parametrize(
    ("path", "lines", "broken"),
    [
        ("app/module.py", 500, []),
        ("app/module.py", 501, ["module-lines"]),
        ("tests/unit/test_module.py", 800, []),
        ("tests/unit/test_module.py", 801, ["module-lines"]),
    ],
)
def test_a_module_has_a_limit_and_a_test_a_roomier_one(
    rules_broken: Callable[..., list[str]], path: str, lines: int, broken: list[str]
) -> None:
    assert rules_broken(HEAD + "x = 1\n" * (lines - 2), path) == broken


def test_a_long_function_is_found_in_the_product_and_not_in_tests(
    rules_broken: Callable[..., list[str]],
) -> None:
    assert rules_broken(HEAD + function_of(51)) == ["function-lines"]
    assert rules_broken(HEAD + function_of(51), "tests/unit/test_module.py") == []


def test_a_docstring_does_not_make_a_function_long(rules_broken: Callable[..., list[str]]) -> None:
    docstring = '    """' + "\n    more" * 30 + '\n    """\n'
    assert rules_broken(HEAD + function_of(50, docstring)) == []


def test_a_method_is_named_with_its_class(budget: ModuleType) -> None:
    tree = ast.parse("class Page:\n    def scan(self):\n        def inner(): ...\n")
    names = [name for name, _ in budget.Module("app/a.py", "", tree).functions()]
    assert names == ["Page.scan", "Page.scan.inner"]


def test_a_module_needs_its_licence_line_and_its_docstring(rules_broken: Callable[..., list[str]]) -> None:
    assert rules_broken('"""What lives here."""\n') == ["licence-line"]
    assert rules_broken("# SPDX-License-Identifier: Apache-2.0\nx = 1\n") == ["module-docstring"]
    assert rules_broken("") == ["licence-line", "module-docstring"]


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception:\n    pass",
        "except:\n    value = None",
        "except BaseException:\n    log.warning('it failed')",
        "except (ValueError, Exception):\n    pass",
        "except Exception as error:\n    pass",
    ],
)
def test_a_broad_handler_that_drops_is_found(rules_broken: Callable[..., list[str]], handler: str) -> None:
    assert rules_broken(f"{HEAD}try:\n    work()\n{handler}\n") == ["dropped-error"]


@pytest.mark.parametrize(
    "handler",
    [
        "except ValueError:\n    pass",
        "except Exception:\n    clean_up()\n    raise",
        "except Exception as error:\n    report(error)",
        "except Exception:\n    log.exception('it failed')",
        "except Exception as error:\n    raise RuntimeError from error",
    ],
)
def test_a_handler_that_is_narrow_or_passes_the_error_on_is_welcome(
    rules_broken: Callable[..., list[str]], handler: str
) -> None:
    assert rules_broken(f"{HEAD}try:\n    work()\n{handler}\n") == []


@pytest.mark.parametrize("call", ["suppress(Exception)", "contextlib.suppress(OSError, BaseException)"])
def test_a_broad_suppress_is_found(rules_broken: Callable[..., list[str]], call: str) -> None:
    assert rules_broken(f"{HEAD}with {call}:\n    work()\n") == ["dropped-error"]


def test_a_narrow_suppress_is_welcome(rules_broken: Callable[..., list[str]]) -> None:
    assert rules_broken(f"{HEAD}with suppress(FileNotFoundError):\n    work()\n") == []


def test_an_exception_excuses_its_finding_and_is_a_finding_when_it_excuses_nothing(
    budget: ModuleType,
) -> None:
    finding = budget.Finding("app/a.py", 1, "module-lines", "too long")
    excuse = {("app/a.py", "module-lines"): "being split"}
    assert budget.standing_findings([finding], excuse) == []
    assert [stale.place for stale in budget.standing_findings([], excuse)] == ["app/a.py"]


def test_figures_leave_out_tests_and_empty_packages(budget: ModuleType) -> None:
    sources = {
        "app/__init__.py": HEAD,
        "app/a.py": HEAD
        + 'def named():\n    """Say."""\n    return 1\n\n\nclass Bare:\n    def _private(self): ...\n',
        "tests/test_a.py": HEAD + function_of(400),
    }
    figures = budget.figures_of(
        [budget.Module(path, text, ast.parse(text)) for path, text in sources.items()]
    )
    assert (figures.modules, figures.median_module, figures.functions) == (1, 9, 2)
    assert figures.documented == 0.5
    assert [finding.rule for finding in figures.findings()] == ["public-docstrings"]


def test_large_medians_are_findings(budget: ModuleType) -> None:
    source = HEAD + function_of(201)
    figures = budget.figures_of([budget.Module("app/a.py", source, ast.parse(source))])
    assert {finding.rule for finding in figures.findings()} == {
        "median-module",
        "median-function",
        "public-docstrings",
    }


def test_a_clean_repository_passes_and_prints_its_figures(
    budget: ModuleType,
    repository: Callable[[dict[str, str]], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert budget.main(repository({"app/a.py": HEAD + "x = 1\n"}), {}) == 0
    assert "1 modules, median 3 lines" in capsys.readouterr().out


def test_findings_are_printed_with_their_place_and_fail_the_check(
    budget: ModuleType,
    repository: Callable[[dict[str, str]], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = repository({"app/deep/a.py": HEAD + function_of(60), "app/b.py": "x = 1\n"})
    assert budget.main(root, {}) == 1
    out = capsys.readouterr().out
    assert "app/deep/a.py:work:3: function-lines: 60 lines, 50 allowed" in out
    assert "app/b.py:1: licence-line" in out


def test_files_outside_the_product_and_untracked_files_do_not_count(
    budget: ModuleType, repository: Callable[[dict[str, str]], Path]
) -> None:
    root = repository({"app/a.py": HEAD, "docs/conf.py": "x = 1\n", "app/gone.py": "x = 1\n"})
    (root / "app" / "untracked.py").write_text("x = 1\n")
    (root / "app" / "gone.py").unlink()
    assert [module.path for module in budget.tracked_modules(root)] == ["app/a.py"]


def test_a_folder_without_git_is_refused(budget: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        budget.tracked_modules(tmp_path)
