"""What lessons can ask, by subject: see `pages.kit.lesson_quiz`."""
