"""Conventions as law: what the style page says, held against the syntax trees of the product."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

from tests.architecture.source import ROOT, Module, modules

_STATES = "config/kernel/states.py"
_CLOCK = "config/kernel/clock.py"
_RINGING = "config/kernel/tasks.py"
# How beat rings, patient with a broker that is away.
_BEAT = "config/doorbell.py"
# `status =` behind SET, before anything that only chooses rows.
_SQL_STATUS = re.compile(
    r"\bSET\b(?:(?!\bWHERE\b|\bFROM\b).)*?\bstatus\s*=", re.IGNORECASE | re.DOTALL
)


def names_in(node: ast.AST) -> set[str]:
    """Texts inside a call: the field names of `save(update_fields=["status"])`."""
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def status_writes(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "status"
            and isinstance(node.ctx, ast.Store)
        ):
            yield module.at(node)
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and _SQL_STATUS.search(node.value)
        ):
            yield module.at(node)
    for call, name in module.calls():
        keywords = {keyword.arg for keyword in call.keywords}
        if name in ("update", "update_or_create") and "status" in keywords:
            yield module.at(call)
        if name in ("save", "bulk_update", "setattr") and "status" in names_in(call):
            yield module.at(call)


def test_status_changes_only_by_kernel_states() -> None:
    offenders = [
        place for module in modules() if module.path != _STATES for place in status_writes(module)
    ]

    assert offenders == []


def test_status_rule_sees_every_way_to_cheat() -> None:
    cheats = """
order.status = "x"
Order.objects.filter(pk=1).update(total_fen=1, status="x")
order.save(update_fields=["total_fen", "status"])
Order.objects.bulk_update(rows, ["status"])
setattr(order, "status", "x")
cursor.execute("UPDATE orders_order SET reason = '', status = 'x' WHERE id = 1")
"""
    module = Module("cheats.py", cheats, ast.parse(cheats))

    assert len(set(status_writes(module))) == 6


def test_nobody_listens_to_signals() -> None:
    sources = (
        "django.db.models.signals",
        "django.dispatch",
        "django.core.signals",
        "celery.signals",
    )
    offenders = [
        module.at(node)
        for module in modules()
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.ImportFrom) and node.module in sources)
        or (isinstance(node, ast.ImportFrom) and "signals" in {alias.name for alias in node.names})
    ]

    assert offenders == []


def is_model(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base) for base in node.bases}
    return bool(bases & {"models.Model", "AbstractUser", "Model"})


def test_models_override_neither_save_nor_delete_and_have_no_ordering() -> None:
    offenders = []
    for module in modules():
        for model in filter(is_model, module.classes()):
            for node in ast.walk(model):
                if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete"):
                    offenders.append(module.at(node))
                if isinstance(node, ast.ClassDef) and node.name == "Meta":
                    offenders += [
                        module.at(line)
                        for line in node.body
                        if isinstance(line, ast.Assign)
                        and ast.unparse(line.targets[0]) == "ordering"
                    ]

    assert offenders == []


def test_bells_are_rung_in_one_place_and_never_on_commit() -> None:
    banned = {
        "delay",
        "on_commit",
        "delay_on_commit",
        "apply_async_on_commit",
        "apply_async",
        "send_task",
    }
    offenders = [
        module.at(call)
        for module in modules()
        if module.path not in (_RINGING, _BEAT)
        for call, name in module.calls()
        if name in banned
    ]

    assert offenders == []


def test_tasks_have_a_name_and_take_keywords_only() -> None:
    found, offenders = 0, []
    for module in modules():
        for function in module.functions():
            for decorator in function.decorator_list:
                if "shared_task" not in ast.unparse(decorator) and ".task" not in ast.unparse(
                    decorator
                ):
                    continue
                found += 1
                named = isinstance(decorator, ast.Call) and "name" in {
                    k.arg for k in decorator.keywords
                }
                if not named or function.args.args:
                    offenders.append(module.at(function))

    assert offenders == []
    assert found >= 3


def test_verbs_are_keyword_only() -> None:
    """Whoever is told who acts is a verb."""
    found, offenders = 0, []
    for module in modules("communities", "suppliers", "orders", "volunteers"):
        for function in module.functions():
            taken = function.args
            if function.name.startswith("_") or "actor" not in {
                one.arg for one in (*taken.args, *taken.kwonlyargs)
            }:
                continue
            found += 1
            if [one.arg for one in taken.args if one.arg != "self"]:
                offenders.append(function.name)

    # Called back by the import protocol, which gives all kinds the same three things.
    assert sorted(offenders) == ["apply_row", "ask_about_left", "store_product", "store_row"]
    assert found > 25


def test_clock_is_read_in_one_place() -> None:
    banned = {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "timezone.now",
        "date.today",
        "time.time",
    }
    offenders = [
        module.at(call)
        for module in modules("communities", "suppliers", "orders", "volunteers", "config/kernel")
        if module.path != _CLOCK
        for call, _name in module.calls()
        if ast.unparse(call.func) in banned
    ]

    assert offenders == []


def test_names_say_something() -> None:
    offenders = [
        module.path
        for module in modules()
        if {"utils", "helpers", "common", "base", "misc"}
        & {*module.path.removesuffix(".py").split("/")}
        # The name that Django looks for.
        and module.path != "config/kernel/postgresql/base.py"
    ]
    offenders += [
        module.at(node)
        for module in modules()
        for node in module.classes()
        if node.name.endswith(("Manager", "Service"))
    ]

    assert offenders == []


def test_import_contracts_hold() -> None:
    program = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_browsers_are_opened_by_journeys_only() -> None:
    """`make test` stays within its five minutes only while nobody opens a browser there."""
    opening = re.compile(
        r"^from tests\.(chromium|axe\.looking|orders\.phone\.conftest) import ", re.MULTILINE
    )
    texts = {path: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    openers = {path for path, text in texts.items() if opening.search(text)}

    assert len(openers) >= 10
    assert [path.name for path in openers if "pytest.mark.journey" not in texts[path]] == []
