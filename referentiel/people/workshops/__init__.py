"""Collective sessions: opened by two, entered by many, with cards, a code, a poster or a shared tablet."""
