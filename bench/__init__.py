"""What `make bench` runs: the speed and memory that we promise, measured in one run against what they are compared to.

``state`` fills instances, ``child`` and ``served`` open them in processes of their own, each module of ``scenarios``
measures one promise and checks every answer, ``report`` writes ``docs/performance.md``.
"""
