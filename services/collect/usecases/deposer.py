"""Receive a deposit: read its body as it comes, judge its lines in batches, one transaction each.

The next batch is read and prepared while the one before is being written. What was judged stays,
whatever happens to the rest of the body: a limit, a cut, a caller who goes away.
"""

from collections.abc import AsyncIterable
from typing import Final

from services.collect.domain.depot import INTERROMPU, Depot, Echec
from services.collect.domain.readers.opening import Format
from services.collect.domain.readers.row import Unreadable
from services.collect.usecases.moyens import Moyens
from services.collect.usecases.reception import Reception
from services.kernel.problem import BadRequest, Problem

_GZIP_CUT: Final = "gzip_tronque"


class Interrompu(Exception):
    """The caller went away before the end of the body; raised by who reads it."""


async def deposer(
    corps: AsyncIterable[bytes],
    depot: Depot,
    scopes: frozenset[str],
    attendu: Format,
    moyens: Moyens,
) -> Depot:
    """Read a body to its end, store what it holds, return the deposit as received.

    A body that ends inside a record, gzip included, is received as cut. What else stops it, after
    lines were judged, leaves a failed deposit that keeps them.

    Raises:
        Problem: nothing of the body could be read, and nothing was stored; or the deposit failed
            on the way: `extra` then has its id as `depot`.
        Interrompu: the caller went away; the deposit is failed.
        Retry: the servers do not answer; what was committed stays.
    """
    reception = Reception(depot, scopes, attendu, moyens)
    try:
        await _lire(corps, reception)
    except Interrompu:
        await reception.clore(INTERROMPU)
        raise
    except Problem as problem:
        cut = problem.code == _GZIP_CUT and reception.lue
        if not cut:
            await reception.clore(Echec(problem.code, problem.detail))
            if depot.lignes:
                problem.extra["depot"] = depot.id
            raise
        await reception.finir()
        depot.coupe = True
    except BaseException:
        reception.abandonner()
        raise
    await reception.clore()
    return depot


async def _lire(corps: AsyncIterable[bytes], reception: Reception) -> None:
    try:
        async for chunk in corps:
            await reception.recevoir(chunk)
        await reception.finir()
    except Unreadable as illisible:
        raise BadRequest(str(illisible), code="corps_illisible") from illisible
