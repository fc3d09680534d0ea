"""Lessons: the lecture in steps, a lesson of one's own, and exercise sheets."""

from pages.labs import run

run("lessons")
