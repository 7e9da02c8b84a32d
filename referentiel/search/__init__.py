"""The index of the text: words forgiving of accents and plurals, one engine for each database, the same answers."""
