"""The topic tree: what is known of a topic is known of everything above it."""

from collections.abc import Iterable, Mapping


class TopicTree:
    """Parents of topics, asked for ancestors."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self._parents = dict(parents)
        self._lines: dict[str, tuple[str, ...]] = {}

    def line(self, topic: str) -> tuple[str, ...]:
        """Return the topic and its ancestors, nearest first; a loop is cut."""
        known = self._lines.get(topic)
        if known is None:
            known = self._lines[topic] = self._climb(topic)
        return known

    def _climb(self, topic: str) -> tuple[str, ...]:
        line = [topic]
        above = self._parents.get(topic)
        while above is not None and above not in line:
            line.append(above)
            above = self._parents.get(above)
        return tuple(line)

    def with_ancestors(self, topics: Iterable[str]) -> tuple[str, ...]:
        """Return the topics and all their ancestors, sorted."""
        return tuple(sorted({above for topic in topics for above in self.line(topic)}))

    def levels(self, known: Mapping[str, int]) -> dict[str, int]:
        """Raise each topic to the highest level known of it or of anything below it."""
        raised: dict[str, int] = {}
        for topic, level in known.items():
            for above in self.line(topic):
                raised[above] = max(level, raised.get(above, 0))
        return raised
