"""Notices: reads the outbox and writes the mails."""
