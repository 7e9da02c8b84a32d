"""CHANGES: what people ask to change in the text, and its way to a decision signed twice."""
