"""The import kind `orders`: a list becomes orders of a community in a group buy."""

from __future__ import annotations

from config.kernel.intake.kinds import Kind
from orders.intake.applying import apply_row
from orders.intake.asking import ask_about_left
from orders.intake.columns import COLUMNS
from orders.intake.judging import judge
from orders.intake.messages import ALONE, NOTES, QUESTIONS, REASONS
from orders.intake.reading import read_list
from orders.intake.remembering import remember_lines
from orders.intake.world import KIND, SUBJECT

ORDERS = Kind(
    name=KIND,
    subject_kind=SUBJECT,
    columns=COLUMNS,
    judge=judge,
    apply=apply_row,
    reasons=REASONS,
    is_personal=True,
    read=read_list,
    notes=NOTES,
    left=ask_about_left,
    stored=remember_lines,
    alone=ALONE,
    questions=QUESTIONS,
)
