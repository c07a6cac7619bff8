"""The commands on rules: create, change, delete, override (domain.md §3.2).

Whoever calls has the right to; what the rules themselves forbid is refused here, with what would be
needed. Each change is one version, its history and the revision by which offers are judged again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from contracts.statuts import Statut
from services.export.domain import vie_regles
from services.export.domain.apercu_regles import Changement, changement
from services.export.domain.vie_regles import Acte, ActeRefuse, Auteur
from services.export.ports import Document, Regles
from services.kernel.preconditions import etag
from services.kernel.problem import Conflict, NotFound, PreconditionFailed


async def creer(regles: Regles, contenu: Document, auteur: Auteur) -> Document:
    """Create a rule, or restore the one deleted about the same subject; return it.

    Raises:
        Conflict: a rule in force is about the same subject, or it could have no effect.
    """

    def decider(tenues: Mapping[str, Document]) -> Sequence[Acte]:
        return [_permis(lambda: vie_regles.creer(tenues, contenu, auteur))]

    (acte,) = await regles.agir(decider)
    return acte.regle


async def changer(
    regles: Regles, identifiant: str, vue: str, contenu: Document, auteur: Auteur
) -> Document:
    """Change a rule seen at the version `vue`; return it as it then is.

    Raises:
        NotFound, Conflict, PreconditionFailed: no such rule, not possible, or it changed since.
    """
    return await _agir(
        regles,
        identifiant,
        vue,
        lambda tenues: vie_regles.changer(tenues, identifiant, contenu, auteur),
    )


async def supprimer(regles: Regles, identifiant: str, vue: str, auteur: Auteur) -> Document:
    """Delete a rule softly. Raises as `changer` does."""
    return await _agir(
        regles, identifiant, vue, lambda tenues: vie_regles.supprimer(tenues[identifiant], auteur)
    )


async def surcharger(
    regles: Regles,
    identifiant: str,
    vue: str,
    academie: int,
    statut: Statut | None,
    auteur: Auteur,
) -> Document:
    """Give an académie's status on a rule, or take it back (None). Raises as `changer` does."""
    return await _agir(
        regles,
        identifiant,
        vue,
        lambda tenues: vie_regles.surcharger(tenues[identifiant], academie, statut, auteur),
    )


async def essayer(
    regles: Regles,
    identifiant: str | None,
    contenu: Document | None,
    surcharge: tuple[int, Statut | None] | None,
    auteur: Auteur,
) -> Changement:
    """Return what an act would change: that of `contenu`, of `surcharge`, else a deletion.

    Nothing is stored. Raises as the act itself would.
    """
    tenues = {regle["_id"]: regle for regle in await regles.toutes()}
    if identifiant is None:
        acte = _permis(lambda: vie_regles.creer(tenues, contenu or {}, auteur))
        return changement(None, acte.regle)
    avant = _connue(tenues.get(identifiant), identifiant)
    acte = _permis(lambda: _essai(tenues, avant, contenu, surcharge, auteur))
    return changement(avant, acte.regle if acte else avant)


def _essai(
    tenues: Mapping[str, Document],
    avant: Document,
    contenu: Document | None,
    surcharge: tuple[int, Statut | None] | None,
    auteur: Auteur,
) -> Acte | None:
    if contenu is not None:
        return vie_regles.changer(tenues, avant["_id"], contenu, auteur)
    if surcharge is not None:
        return vie_regles.surcharger(avant, *surcharge, auteur)
    return vie_regles.supprimer(avant, auteur)


async def trouver(regles: Regles, identifiant: str) -> Document:
    """Return a rule, deleted or not; raises `NotFound`."""
    return _connue(await regles.une(identifiant), identifiant)


async def _agir(
    regles: Regles,
    identifiant: str,
    vue: str,
    acte: Callable[[Mapping[str, Document]], Acte | None],
) -> Document:
    def decider(tenues: Mapping[str, Document]) -> Sequence[Acte]:
        _verifier(_connue(tenues.get(identifiant), identifiant), vue)
        fait = _permis(lambda: acte(tenues))
        return [] if fait is None else [fait]

    actes = await regles.agir(decider)
    return actes[0].regle if actes else await trouver(regles, identifiant)


def _connue(tenue: Document | None, identifiant: str) -> Document:
    if tenue is None:
        raise NotFound(f"Aucune règle « {identifiant} ».", code="regle_inconnue")
    return tenue


def _verifier(tenue: Document, vue: str) -> None:
    presente = str(tenue["version"])
    if vue != presente:
        raise PreconditionFailed(
            f"Cette règle a changé depuis que vous l'avez lue : elle en est à la version "
            f"{presente}.",
            title="La règle a changé",
            extra={
                "version": presente,
                "modifiee_le": tenue["modifiee_le"].isoformat(),
                "que_faire": "Relisez-la, puis refaites votre modification si elle vaut encore.",
            },
            headers={"ETag": etag(presente)},
        )


def _permis(acte: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the act returns
    try:
        return acte()
    except ActeRefuse as refus:
        raise Conflict(
            refus.raison,
            code=refus.code,
            title="Règle inchangée",
            extra={"que_faire": refus.que_faire, "regle": refus.regle},
        ) from refus
