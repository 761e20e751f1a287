"""The other face of a condition: the same `Where` value as SQL. What NULL means is said in `app.domain.where`."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, true

from app.domain.where import After, All, Among, AnyOf, Anything, Is, Not, Until, Where


def clause(where: Where, model: Any) -> ColumnElement[bool]:
    """A WHERE clause that holds for the rows of `model` for which `app.domain.where.holds` says yes.

    Every part is true or false, never NULL, so that NOT means the same on both sides.
    """
    match where:
        case Anything():
            return true()
        case Among(field, ids):
            column = getattr(model, field)
            return and_(column.is_not(None), column.in_(sorted(ids))) if ids else false()
        case Is(field, None):
            return getattr(model, field).is_(None)
        case Is(field, value):
            column = getattr(model, field)
            return and_(column.is_not(None), column == value)
        case Until(field, instant):
            column = getattr(model, field)
            return and_(column.is_not(None), column <= instant)
        case After(field, instant):
            column = getattr(model, field)
            return and_(column.is_not(None), column > instant)
        case All(parts):
            return and_(true(), *(clause(part, model) for part in parts))
        case AnyOf(parts):
            return or_(false(), *(clause(part, model) for part in parts))
        case Not(part):
            return not_(clause(part, model))
