"""Accounts that are there: what an administrator does to them, what people settle for their own, how they end."""
