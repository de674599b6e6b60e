"""Reporting: what came of a file, line by line, written where a page can show it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.exchange.messages import Remark
from directory.models import Transfer, TransferLine
from directory.models.vocabulary import LineOutcome, TransferState
from directory.services.transfers import Report

_LONGEST = 300


def write(
    db: Session, transfer: Transfer, report: Report, *, state: TransferState, now: datetime
) -> None:
    """Write a report down, in place of the one before."""
    clear(db, transfer)
    rows = list(_rows(transfer.id or 0, report))
    if rows:
        db.execute(sa.insert(TransferLine), rows)
    transfer.state, transfer.ended = state, now
    transfer.rows = report.rows
    transfer.counts = dict(Counter(str(row["outcome"]) for row in rows))
    transfer.columns = [list(column) for column in report.columns]
    transfer.trouble = report.held.why if report.held else ""
    transfer.held = report.held.number if report.held else 0
    transfer.trouble_value = ""
    db.add(transfer)
    db.flush()


def fail(db: Session, transfer: Transfer, *, code: str, value: str, now: datetime) -> None:
    """Nothing came of it, for a reason."""
    clear(db, transfer)
    transfer.state, transfer.ended = TransferState.FAILED, now
    transfer.trouble, transfer.trouble_value = code, value[:_LONGEST]
    transfer.counts, transfer.held = {}, 0
    db.add(transfer)
    db.flush()


def clear(db: Session, transfer: Transfer) -> None:
    """Remove its lines."""
    db.execute(sa.delete(TransferLine).where(col(TransferLine.transfer_id) == transfer.id))


def lines(
    db: Session, transfer: Transfer, *, outcome: LineOutcome | None, page: int, per_page: int
) -> list[TransferLine]:
    """One page of what came of its lines, those of one outcome or all."""
    wanted = select(TransferLine).where(TransferLine.transfer_id == transfer.id)
    if outcome is not None:
        wanted = wanted.where(TransferLine.outcome == outcome)
    wanted = wanted.order_by(col(TransferLine.line), col(TransferLine.id))
    return list(db.exec(wanted.offset((page - 1) * per_page).limit(per_page)).all())


def _rows(number: int, report: Report) -> Iterator[dict[str, Any]]:
    empty = dict.fromkeys(("listing", "title", "column", "code", "value", "allowed"), "")
    for line in report.lines:
        yield {
            **empty, "transfer_id": number, "line": line.line, "outcome": line.outcome,
            "listing": line.listing, "title": line.title[:_LONGEST],
        }  # fmt: skip
    said = ((LineOutcome.REFUSED, report.refused), (LineOutcome.WARNED, report.warnings))
    for outcome, remarks in said:
        for remark in remarks:
            yield {**empty, "transfer_id": number, "outcome": outcome, **_remark(remark)}


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "line": remark.line,
        "column": remark.column[:_LONGEST],
        "code": remark.code,
        "value": remark.value[:_LONGEST],
        "allowed": remark.allowed[:_LONGEST],
    }
