"""Spreadsheets into plain rows. Imports neither Django nor the rest of the project: it runs in a
child process of its own (`child`), started by `config.kernel.intake.reader`.
"""
