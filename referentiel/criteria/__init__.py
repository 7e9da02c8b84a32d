"""The text itself: pure rules, no framework, no storage."""
