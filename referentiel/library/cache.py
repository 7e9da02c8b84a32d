"""A small cache for things that never change: keys are immutable ids, so nothing is ever made stale."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Least recently used goes first, once the weights pass ``capacity``. Shared by all threads."""

    def __init__(self, capacity: int, weigh: Callable[[V], int] = lambda _value: 1) -> None:
        self._capacity, self._weigh, self._weight = capacity, weigh, 0
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, make: Callable[[K], V]) -> V:
        """The value of this key, made at the first time. Two threads may both make it: it is the same."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make(key)
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._weight += self._weigh(value)
                while self._weight > self._capacity and len(self._values) > 1:
                    _, gone = self._values.popitem(last=False)
                    self._weight -= self._weigh(gone)
        return value

    def known(self, key: K) -> V | None:
        """The value of this key when it was made already."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember what is known already."""
        self.get(key, lambda _key: value)

    def clear(self) -> None:
        """Forget everything: after a repair, what was read before is read again."""
        with self._lock:
            self._values.clear()
            self._weight = 0
