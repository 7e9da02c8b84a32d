"""Operations (what was asked of the library), the audit chain, and the outbox of side effects."""
