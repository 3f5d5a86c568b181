"""The controlled world "Ledger": a generator with known mistakes, a checker, a programmatic judge, and measurements.

Python's standard library only; models are reached through stet-trainer's sub-commands alone. See docs/evidence.md.
"""
