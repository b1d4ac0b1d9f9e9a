"""The words that may be used, by category: the shared ones, the floor's, those of a policy; and what is wrong with any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dangwu.errors import nearest
from dangwu.policy.policy import Policy
from dangwu.values.vocabulary import APART, TAGS, WORDS
from dangwu.values.word import CATEGORIES, DECLARED

Words = Mapping[str, Mapping[str, str]]
"""Word → Chinese title, by category."""


class Known:
    """What is known: `policies` add to the shared words, the first to name a word keeps its title."""

    def __init__(self, policies: Iterable[Policy] = (), steps: Mapping[str, str] | None = None) -> None:
        self.by: dict[str, dict[str, str]] = {
            category: dict(WORDS.get(category, {})) for category in CATEGORIES
        }
        self.by["tag"] |= TAGS
        self.by["step"] = dict(steps or {})
        for policy in policies:
            self.add(policy.words)
            self.add({"tag": policy.tags})

    def add(self, words: Words) -> None:
        """Know these too."""
        for category, titles in words.items():
            for word, title in titles.items():
                self.by[category].setdefault(word, title)

    def title(self, word: str) -> str:
        """A word's Chinese title, of whatever category; empty for an unknown one."""
        named = (titles for category, titles in self.by.items() if category not in APART)
        return next((titles[word] for titles in named if word in titles), "")

    def id_of(self, text: str, categories: Iterable[str]) -> str:
        """The word of these categories that is meant by its id or its exact title; empty if none is."""
        for category in categories:
            if text in self.by[category]:
                return text
        return next((word for one in categories for word, title in self.by[one].items() if title == text), "")

    def wrong(self, word: str, categories: tuple[str, ...], *, author: bool = True) -> str:
        """What is wrong with a word where one of these categories is wanted, as a clause; empty if nothing is. An `author` may
        declare new ones."""
        for category in categories:
            if word in self.by[category]:
                return ""
        wanted = CATEGORIES[categories[0]]
        if not word.strip():
            return f"有一项是空的，这里要写的是{wanted}"
        titles = {known: title for one in reversed(categories) for known, title in self.by[one].items()}
        hint = nearest(word, titles, titles)
        other = next((one for one, words in self.by.items() if word in words), "")
        if other:
            return f"“{word}”（{self.by[other][word]}）是{CATEGORIES[other]}，这里要写的是{wanted}{hint}{_some(titles)}"
        return f"没有叫“{word[:60]}”的{wanted}{hint}{_declare(categories[0], titles) if author else _some(titles)}"


def _declare(category: str, titles: Mapping[str, str]) -> str:
    if category in DECLARED:
        return f"。新的请在 terms.{category} 中写明中文名称"
    return "。新的请在 tags 中写明中文名称" if category == "tag" else _some(titles)


def _some(titles: Mapping[str, str]) -> str:
    """Up to eight of them, to choose from."""
    return f"。可用的有：{'、'.join(list(titles)[:8])}{' 等' if len(titles) > 8 else ''}" if titles else ""


def renamed(own: Words, known: Known) -> Iterator[tuple[str, str, str]]:
    """(category, word, sentence) for each word that is declared with another title than it already has."""
    for category, words in own.items():
        for word, title in words.items():
            given = known.title(word)
            if given and given != title:
                yield (
                    category,
                    word,
                    f"“{word}”已定名为“{given}”，不能改称“{title}”。意思不同的，请另取一个标识",
                )


def doubled(own: Words, known: Known) -> Iterator[tuple[str, str, str]]:
    """(category, word, sentence) for each word that is a second id for what has one, or has two titles."""
    titles: dict[str, str] = {}
    ids: dict[tuple[str, str], str] = {}
    for category, words in own.items():
        for word, title in words.items():
            meant = known.id_of(title, (category,))
            meant = meant or ids.setdefault((category, title), word)
            if meant != word:
                yield category, word, f"“{title}”已有标识“{meant}”，直接写“{meant}”即可，不必另取“{word}”"
            elif titles.setdefault(word, title) != title:
                yield category, word, f"“{word}”在别的类别中叫“{titles[word]}”，说明中会混淆。请换一个标识"
