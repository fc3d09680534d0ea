"""Lessons: which there are, one of one's own, sheets to print."""
