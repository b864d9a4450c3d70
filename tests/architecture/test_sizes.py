"""Sizes: what is past them is split by subject."""

from __future__ import annotations

from statistics import median

import pytest

from tests.architecture.source import Module, modules

MODULE_LINES, TEST_LINES, FUNCTION_LINES, PARAMETERS = 400, 500, 60, 7

# Each may have more parameters than the rest, and says why.
WIDE = {
    "describe": "named facts for the schema, of which none changes what another means",
    "spawn": "what Popen has to be told; it has three times as many",
}


def lines(module: Module) -> int:
    return module.text.count("\n")


@pytest.mark.parametrize(
    ("folders", "most"), [((), MODULE_LINES), (("tests", "benchmarks"), TEST_LINES)]
)
def test_modules_are_not_too_long(folders: tuple[str, ...], most: int) -> None:
    offenders = [
        f"{module.path}: {lines(module)}" for module in modules(*folders) if lines(module) > most
    ]

    assert offenders == []


def test_half_of_all_modules_are_short() -> None:
    assert median(lines(module) for module in modules() if module.text) <= 80


def test_functions_are_not_too_long_and_take_not_too_much() -> None:
    offenders = []
    for module in modules():
        for function in module.functions():
            length = (function.end_lineno or 0) - function.lineno + 1
            taken = function.args
            parameters = [*taken.posonlyargs, *taken.args, *taken.kwonlyargs]
            count = len([one for one in parameters if one.arg not in ("self", "cls")])
            if length > FUNCTION_LINES or (count > PARAMETERS and function.name not in WIDE):
                offenders.append(
                    f"{module.at(function)} {function.name}: {length} lines, {count} parameters"
                )

    assert offenders == []
