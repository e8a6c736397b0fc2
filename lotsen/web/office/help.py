"""How a pairing runs: the diagram, drawn from the one table that decides."""

from collections import defaultdict, deque

from flask import render_template
from flask.typing import ResponseReturnValue

from lotsen.access import audience
from lotsen.rules.pairing import OPEN, TRANSITIONS, Action, Move, State
from lotsen.rules.vocabulary import Role
from lotsen.web.office.blueprint import bp


@bp.get("/help", endpoint="help")
@audience(Role.COORDINATOR)
def show() -> ResponseReturnValue:
    """Explain a pairing's states and steps."""
    closed = [state for state in State if state not in OPEN]
    usual = shortest_way(State.SUGGESTED, State.COMPLETED)
    return render_template("pages/office/help.html", states=diagram(), usual=usual, closed=closed)


def diagram() -> dict[State, list[tuple[Action, Move]]]:
    """Return the arrows that leave each state, in the table's order."""
    arrows: dict[State, list[tuple[Action, Move]]] = defaultdict(list)
    for (state, action), arrow in TRANSITIONS.items():
        arrows[state].append((action, arrow))
    return dict(arrows)


def shortest_way(start: State, goal: State) -> list[State]:
    """Return the states of the shortest way through the diagram (breadth first)."""
    ways, arrows = deque([[start]]), diagram()
    seen = {start}
    while ways:
        way = ways.popleft()
        if way[-1] is goal:
            return way
        onward = [arrow.to for _action, arrow in arrows.get(way[-1], []) if arrow.to not in seen]
        seen.update(onward)
        ways.extend([*way, state] for state in onward)
    return []
