"""Everything kept about one person: what it is, giving it back, taking it away, and taking it away again."""
