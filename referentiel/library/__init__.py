"""Every version of the adopted text. The only package that knows Git.

``library`` reads and writes; ``actions`` carries an operation out from end to end; ``projection`` and ``queries`` hold
what pages list; ``verification`` names what is wrong and ``repair`` mends it.
"""
