"""A share of votes such as `>1/2` or `>=2/3`, compared in whole numbers."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import total_ordering

_FORM = re.compile(r"^\s*(>=|>|≥|＞)?\s*([0-9]{1,6})\s*/\s*([0-9]{1,6})\s*$")


@total_ordering
class Share:
    """A threshold; `>1/2` is stricter than `>=1/2`, which is stricter than `>2/5`.

    Raises ValueError for text that is not a share between 0 and 1.
    """

    __slots__ = ("_over", "_under", "strict", "value")

    def __init__(self, text: str) -> None:
        found = _FORM.match(text)
        if not found or int(found[3]) == 0 or int(found[2]) > int(found[3]):
            raise ValueError(f'“{text}”不是比例，应写作 ">1/2" 或 ">=2/3"')
        self.value = Fraction(int(found[2]), int(found[3]))
        self._over, self._under = self.value.as_integer_ratio()
        self.strict = found[1] in (">", "＞")
        if not self.strict and not self.value:
            raise ValueError(f"“{text}”等于没有要求")
        if self.strict and self.value == 1:
            raise ValueError(f"“{text}”无法达到：不可能超过全部")

    def met(self, part: int, whole: int) -> bool:
        """Whether `part` of `whole` reaches the share; nothing of nothing does not."""
        if whole <= 0:
            return False
        one, two = part * self._under, whole * self._over
        return one > two if self.strict else one >= two

    def least(self, whole: int) -> int:
        """The smallest number out of `whole` that reaches the share."""
        return next(number for number in range(whole + 1) if self.met(number, whole))

    def _key(self) -> tuple[Fraction, bool]:
        return (self.value, self.strict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Share) and self._key() == other._key()

    def __lt__(self, other: Share) -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return f"{'>' if self.strict else '>='}{self.value.numerator}/{self.value.denominator}"

    def __repr__(self) -> str:
        return f"Share({str(self)!r})"

    def of(self, whole: str) -> str:
        """In Chinese, of something: 超过应到会 20 人的 1/2."""
        return (
            f"{'超过' if self.strict else '不少于'}{whole}的 {self.value.numerator}/{self.value.denominator}"
        )

    @property
    def words(self) -> str:
        """In Chinese: 超过二分之一 as 「超过 1/2」, 「达到 2/3」."""
        return f"{'超过' if self.strict else '不少于'} {self.value.numerator}/{self.value.denominator}"
