"""Tells a story so that it ends today: looks for the day on which the case must have begun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from dangwu import COMPLETED
from deploy.demo.hitches import HITCHES
from deploy.demo.pace import expected, holiday_eve
from deploy.demo.player import Player
from deploy.demo.stories import Story

Casting = Callable[[Random], Player]
"""Makes the player of a story's person, with this chance."""

HOLIDAY = "over_the_holiday"
MOST_TRIES = 8
LONGER = 40
BEYOND = timedelta(days=45)
SLACK, TIGHT = 25, 4
"""Days by which a case may have come to its step sooner than the story says; a notice would have run out, a time that is
narrow is meant so."""
SOONER = 10


class Untold(Exception):
    """There is no day from which the rules let a case come to where the story wants it."""


class Teller:
    """Remembers how long others took to come to each step: that is the first guess for the next."""

    def __init__(self, today: date, earliest: date) -> None:
        self.today, self.earliest = today, earliest
        self._spans: dict[tuple[str, bool], float] = {}

    def tell(self, story: Story, casting: Casting, chance: Random) -> Player:
        """The case, played up to its hitch; everything in it was written down before today.

        Raises Untold if it cannot come to that.
        """
        last, slack = self._arrival(story, chance)
        span, seed = 0, chance.random()
        for tried in range(MOST_TRIES):
            player = casting(Random(seed))
            span = span or self._guess(story, player)
            start = player.day = max(last - timedelta(days=span), self.earliest)
            if not player.run(
                story.step, self.today + BEYOND, even_forbidden=story.forbidden, alone=story.alone
            ):
                # Over before a rule inserted the step that the story is about, or not there yet.
                span += -LONGER if player.standing.status == COMPLETED else LONGER
                continue
            self._remember(player, start, story)
            took, over = (player.day - start).days, (player.day - last).days
            # A day more or less can mean other rules, and weeks: with every try less will do.
            near = over >= -slack - 5 * tried or start == self.earliest
            if over <= 0 and near and self._ends(player, story, last):
                return player
            span = took + 2 + 2 * tried
        raise Untold(f"{story.step or 'the end'} ({story.hitch}): not reached before {last}")

    def _guess(self, story: Story, player: Player) -> int:
        """How long it took others, else what the pauses add up to."""
        steps = [step.id for step in player.regime.plan().steps]
        before = steps[: steps.index(story.step)] if story.step else steps
        known = self._spans.get((story.step, story.brisk)) if not story.forbidden else None
        return round(known) + SOONER if known else expected(before, brisk=story.brisk)

    def _remember(self, player: Player, start: date, story: Story) -> None:
        """What the others took, and what this one took, to each step on its way."""
        days = {act.step or "": (act.day - start).days for act in reversed(player.acts)}
        for step, took in (days | {story.step: (player.day - start).days}).items():
            known = self._spans.get((step, story.brisk), took)
            self._spans[step, story.brisk] = (known + took) / 2

    def _arrival(self, story: Story, chance: Random) -> tuple[date, int]:
        if story.hitch == HOLIDAY:
            return holiday_eve(self.today), TIGHT
        exact = story.step.endswith("-notice") or story.ago[1] - story.ago[0] < TIGHT
        slack = TIGHT if exact else SLACK
        return self.today - timedelta(days=chance.randint(*story.ago)), slack

    def _ends(self, player: Player, story: Story, last: date) -> bool:
        """Play the hitch; whether everything then lies in the past."""
        if story.hitch == HOLIDAY:
            player.wait((last - player.day).days)
        yesterday = self.today - timedelta(days=1)
        HITCHES[story.hitch](player, story.step, yesterday)
        return player.acts[-1].entered <= yesterday
