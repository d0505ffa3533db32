"""The house rules that a machine can check: arrows, sizes, names, and what must never be committed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "storage", "standins")
Function = ast.FunctionDef | ast.AsyncFunctionDef

FILE_LINES, FUNCTION_LINES, LISTENER_LINES = 400, 40, 15
NAMES_SAYING_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file git knows, or every file of our packages where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        return tuple(sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py")))
    return tuple(p for name in listed.stdout.split("\0") if name and (p := ROOT / name).is_file())


@cache
def sources() -> tuple[Path, ...]:
    return tuple(p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in PACKAGES)


@cache
def handmade() -> tuple[Path, ...]:
    """Sources but for migrations, which are lists of steps in Alembic's own shape."""
    return tuple(p for p in sources() if "migrations" not in p.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def at(path: Path, node: ast.AST | None = None) -> str:
    return str(path.relative_to(ROOT)) + (f":{node.lineno}" if node is not None else "")


def nodes(*kinds: type[Any], among: tuple[Path, ...] | None = None) -> Iterator[tuple[Path, Any]]:
    for path in handmade() if among is None else among:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, kinds):
                yield path, node


# --- arrows


# Of our own, these folders import these and nothing else; import-linter then follows the longer ways round.
REACH = {
    "bot/domain": ("bot.domain",),
    "storage": ("storage", "bot.ports", "bot.domain", "bot.failpoint"),
    "standins/slack": ("standins.slack",),
    "standins/teams": ("standins.teams",),
    "standins/play": ("standins", "bot.domain", "bot.words"),
}
NAMED_BY_CONTRACTS = (
    "bot/cli",
    "handlers/slack",
    "handlers/teams",
    "storage",
    "standins/slack",
    "standins/teams",
    "standins/play",
)


def test_arrows_point_one_way() -> None:
    if missing := [p for p in NAMED_BY_CONTRACTS if not (ROOT / p / "__init__.py").exists()]:
        pytest.skip(f"not built yet: {missing}")
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    checked = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("folder", REACH)
def test_a_folder_imports_what_it_may(folder: str) -> None:
    inside = tuple(p for p in sources() if p.is_relative_to(ROOT / folder))
    assert [
        f"{at(path, node)} imports {name}"
        for path, node in nodes(ast.Import, ast.ImportFrom, among=inside)
        for name in imported(node)
        if name.split(".")[0] in PACKAGES and not any(f"{name}.".startswith(f"{allowed}.") for allowed in REACH[folder])
    ] == []


def test_the_domain_needs_the_standard_library_only() -> None:
    domain = tuple(p for p in sources() if p.is_relative_to(ROOT / "bot" / "domain"))
    assert [
        f"{at(path, node)} imports {name}"
        for path, node in nodes(ast.Import, ast.ImportFrom, among=domain)
        for name in imported(node)
        if name.split(".")[0] not in {*sys.stdlib_module_names, *PACKAGES}
    ] == []


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert node.level == 0, "imports are absolute here"
    module = node.module or ""
    return [f"{module}.{alias.name}" for alias in node.names] if module in PACKAGES else [module]


def test_nobody_else_owns_our_four_names() -> None:
    owners = packages_distributions()
    assert [name for name in PACKAGES if set(owners.get(name, [])) - {"ideahunt"}] == []


# --- sizes


def test_files_stay_short() -> None:
    counted = {path: path.read_text("utf-8").count("\n") for path in handmade()}
    assert [f"{at(path)}: {n} lines" for path, n in counted.items() if n > FILE_LINES] == []


def test_functions_stay_short() -> None:
    assert [
        f"{at(path, node)} {node.name}: {lines} lines"
        for path, node in nodes(*Function.__args__)
        if (lines := node.end_lineno - node.lineno + 1) > FUNCTION_LINES
    ] == []


def test_listeners_parse_ask_once_and_draw() -> None:
    folders = ("handlers/desk", "handlers/slack", "handlers/teams")
    listeners = tuple(p for p in handmade() if at(p).startswith(tuple(f"{one}/listeners" for one in folders)))
    assert [
        f"{at(path, node)} {node.name}: {lines} lines"
        for path, node in nodes(ast.AsyncFunctionDef, among=listeners)
        if (lines := body_lines(node)) > LISTENER_LINES
    ] == []


def body_lines(function: Function) -> int:
    """Lines of what a function does: neither its signature nor its docstring."""
    doing = function.body[1:] if ast.get_docstring(function) else function.body
    return (doing[-1].end_lineno or 0) - doing[0].lineno + 1 if doing else 0


# --- names and words


def test_every_file_opens_with_a_sentence() -> None:
    ours = tuple(p for p in tracked() if p.suffix == ".py" and p.read_text("utf-8").strip())
    assert [at(path) for path in ours if not ast.get_docstring(tree_of(path))] == []


def test_names_say_something() -> None:
    files = [at(path) for path in handmade() if NAMES_SAYING_NOTHING & {path.stem, *path.parent.parts}]
    named = nodes(*Function.__args__, ast.ClassDef)
    assert files == []
    assert [f"{at(path, node)} {node.name}" for path, node in named if says_nothing(node.name)] == []


def says_nothing(name: str) -> bool:
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", name)}
    return bool(words & NAMES_SAYING_NOTHING) or name.startswith("handle_")


# --- habits


def test_a_catch_all_raises_again_or_logs_the_whole_or_says_why() -> None:
    assert [
        f"{at(path, node)} catches everything"
        for path, node in nodes(ast.ExceptHandler)
        if is_broad(node.type) and not (is_told(node) or has_reason(path, node))
    ] == []


def is_told(handler: ast.ExceptHandler) -> bool:
    return any(
        isinstance(n, ast.Raise) or (isinstance(n, ast.Attribute) and n.attr == "exception") for n in ast.walk(handler)
    )


def has_reason(path: Path, node: ast.ExceptHandler) -> bool:
    line = path.read_text("utf-8").splitlines()[node.lineno - 1]
    return re.search(r"# noqa: BLE001 - \w+", line) is not None


def is_broad(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(name is None or getattr(name, "id", "") in {"Exception", "BaseException"} for name in names)


def test_time_is_an_argument_except_where_clocks_are_read() -> None:
    elsewhere = tuple(p for p in handmade() if p.stem != "clock" and not at(p).startswith("bot/cli/"))
    reading = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
    assert [
        f"{at(path, node)} reads the clock"
        for path, node in nodes(ast.Call, among=elsewhere)
        if ".".join(ast.unparse(node.func).split(".")[-2:]) in reading
    ] == []


def test_every_file_with_annotations_postpones_them() -> None:
    annotated = {path for path, _ in nodes(*Function.__args__, ast.ClassDef, ast.AnnAssign)}
    future = "from __future__ import annotations"
    assert sorted(at(path) for path in annotated if future not in path.read_text("utf-8")) == []


# --- what must never be committed

LEAKS = re.compile(
    r"""(?<![\w.])(?:
        /(?:home|Users)/[A-Za-z]   # somebody's home
      | /roo[t]/                   # root's
      | /tm[p]/                    # a file of one run
      | file:/[/]                  # an address on one machine
    )""",
    re.VERBOSE,
)


def test_no_tracked_file_names_a_place_on_somebodys_machine() -> None:
    assert [
        f"{at(path)}:{number} {line.strip()[:120]}"
        for path, text in readable(tracked())
        for number, line in enumerate(text.splitlines(), 1)
        if LEAKS.search(line) or f"{ROOT}/" in line
    ] == []


def readable(paths: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        content = path.read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8")


# --- one set of commands


def test_pre_commit_runs_the_commands_of_ci() -> None:
    steps = (ROOT / ".ci" / "run").read_text("utf-8")
    hooks = re.findall(r"entry: (.+)", (ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert hooks
    assert [hook for hook in hooks if f'"{hook}"' not in steps] == []


# --- lock files


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@cache
def locked(name: str) -> dict[str, set[str]]:
    """Versions by package; a package may have several, for several Pythons."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"(?m)^([\w.-]+)==([\w.!+-]+)", (ROOT / name).read_text("utf-8")):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def needed(for_tests: bool, teams: bool) -> list[Requirement]:
    groups = project()["dependency-groups"]
    lines = [
        *project()["project"]["dependencies"],
        *project()["project"]["optional-dependencies"]["postgres"],
        *project()["project"]["optional-dependencies"]["themes"],
        *(project()["project"]["optional-dependencies"]["teams"] if teams else ()),
    ]
    lines += groups["build"] + [line for line in groups["dev"] if isinstance(line, str) and for_tests]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(
    ("lock", "for_tests", "teams"),
    [
        ("requirements.lock", False, False),
        ("requirements-teams.lock", False, True),
        ("requirements-dev.lock", True, True),
    ],
)
def test_lock_files_hold_what_pyproject_asks_for(lock: str, for_tests: bool, teams: bool) -> None:
    versions = locked(lock)
    assert [
        str(asked)
        for asked in needed(for_tests, teams)
        if not any(asked.specifier.contains(v) for v in versions.get(canonicalize_name(asked.name), set()))
    ] == []


def test_tests_run_on_the_versions_that_ship() -> None:
    tested = locked("requirements-dev.lock")
    shipped = {**locked("requirements.lock"), **locked("requirements-teams.lock")}
    assert {name: v for name, v in shipped.items() if tested.get(name) != v} == {}


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-teams.lock", "requirements-dev.lock", "requirements-minilm.lock"]
)
def test_lock_files_hold_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert re.findall(r"(?m)^.*(?:://|--index-url|--extra-index-url|--find-links|@ ).*$", text) == []
    assert re.findall(r"(?m)^[\w.-]+==[^\\]*$", text) == [], "without a hash"


# --- documents


def test_links_between_documents_lead_somewhere() -> None:
    pages = tuple(p for p in tracked() if p.suffix == ".md")
    assert [
        f"{at(page)}: {target}"
        for page, text in readable(pages)
        for target in re.findall(r"\]\(([^)#\s]+)", text)
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ] == []


# --- settings


def test_every_setting_is_documented() -> None:
    written = settings_page()
    assert [name for name in setting_names() if f"`{name}`" not in written] == []


def test_every_setting_that_is_written_about_exists() -> None:
    known = {*setting_names(), "IDEAHUNT_TEST_PG_URL"}
    told = [p for p in tracked() if p.suffix in {".md", ".yaml"} or p.name == "Dockerfile"]
    assert [
        f"{at(path)}: {name}"
        for path, text in readable(tuple(told))
        for name in sorted(set(re.findall(r"IDEAHUNT_[A-Z_]*[A-Z]", text)) - known)
    ] == []


def settings_page() -> str:
    page = ROOT / "docs" / "settings.md"
    if not page.exists():
        pytest.skip("docs/settings.md is not written yet")
    return page.read_text("utf-8")


def setting_names() -> list[str]:
    settings = pytest.importorskip("bot.cli.settings", exc_type=ModuleNotFoundError)
    return [settings.environment_name(field) for field in settings.Settings.model_fields]
