"""The open API: what it says, written once for its answers and for its description."""
