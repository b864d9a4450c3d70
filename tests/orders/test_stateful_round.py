"""A short run of the round at random; `ROUNDS=2000` makes it a long one, with other rounds each time."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.orders.round_model import Model, RoundMachine

LONG = int(os.environ.get("ROUNDS", "0"))


def play(machine: type[RoundMachine], *, rounds: int, steps: int, shrink: bool = True) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=rounds,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not LONG,
            database=None,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
@pytest.mark.timeout(0 if LONG else 120)
def test_round_at_random_is_as_the_model_says() -> None:
    play(RoundMachine, rounds=LONG or 25, steps=50 if LONG else 30)


class ForgetfulModel(Model):
    """The control: a model that knows of no cutoff."""

    @property
    def takes_orders(self) -> bool:
        return self.status == "open"


class ForgetfulMachine(RoundMachine):
    def __init__(self) -> None:
        super().__init__()
        self.model = ForgetfulModel()


@pytest.mark.django_db
def test_a_model_without_a_cutoff_is_contradicted() -> None:
    with pytest.raises(AssertionError):
        play(ForgetfulMachine, rounds=60, steps=30, shrink=False)
