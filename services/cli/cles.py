"""`catalogue cles`: issue, list and revoke API keys."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

import typer

from contracts.portees import Role, est_portee
from services.cli.app import group
from services.cli.console import fail, run, sortie, table
from services.kernel.clock import SystemClock
from services.kernel.french import instant
from services.kernel.keystore import KeyStore, StoredKey, open_key_store
from services.kernel.settings import KernelSettings

T = TypeVar("T")

app = group("Les clés d'API : émettre, lister, révoquer.")


@app.command()
def emettre(
    role: Annotated[Role, typer.Option(help="Ce que la clé permet.")],
    titulaire: Annotated[str, typer.Option(help="Identifiant stable de qui la reçoit.")],
    libelle: Annotated[str, typer.Option(help="À quoi on la reconnaît.")] = "",
    portee: Annotated[
        list[str] | None,
        typer.Option(help="siret:…, departement:…, region:…, academie:… ou * ; répétable."),
    ] = None,
    jours: Annotated[int | None, typer.Option(min=1, help="Durée de validité en jours.")] = None,
    brut: Annotated[bool, typer.Option("--brut", help="N'écrire que la clé.")] = False,
) -> None:
    """Émet une clé et l'affiche, cette seule fois."""
    scopes = portee or []
    wrong = [scope for scope in scopes if not est_portee(scope)]
    if wrong:
        fail(f"portée inconnue : {', '.join(wrong)}. Exemples : siret:13002526500013, region:84, *")
    expire_le = datetime.now(UTC) + timedelta(days=jours) if jours else None

    async def issue(store: KeyStore) -> str:
        return str(
            await store.issue(
                role=role.value,
                titulaire=titulaire,
                label=libelle or titulaire,
                scopes=scopes,
                expire_le=expire_le,
            )
        )

    key = _with_store(issue)
    if brut:
        sortie.print(key, highlight=False, soft_wrap=True)
        return
    sortie.print(f"Clé émise pour [bold]{titulaire}[/], rôle [bold]{role.value}[/] :")
    sortie.print(f"\n    {key}\n", highlight=False, soft_wrap=True)
    sortie.print("Elle ne sera plus jamais affichée : conservez-la en lieu sûr.")


@app.command()
def lister(
    titulaire: Annotated[str | None, typer.Option(help="De ce titulaire seulement.")] = None,
) -> None:
    """Liste les clés, jamais leur texte."""
    keys = _with_store(lambda store: store.list(titulaire))
    shown = table(
        "Clés d'API", "Identifiant", "Fin", "Rôle", "Titulaire", "Libellé", "Portées", "État"
    )
    for key in keys:
        shown.add_row(
            key.id,
            f"…{key.fin}",
            key.role,
            key.titulaire,
            key.label,
            " ".join(key.scopes) or "—",
            _state(key, datetime.now(UTC)),
        )
    sortie.print(shown)


@app.command()
def revoquer(
    identifiant: Annotated[str, typer.Argument(help="Les huit signes après « cat_ ».")],
) -> None:
    """Révoque une clé pour toujours."""
    key = _with_store(lambda store: store.revoke(identifiant))
    delay = KernelSettings().cles_cache_s
    sortie.print(f"Clé {key.id} révoquée ; plus aucun service ne l'accepte d'ici {delay:g} s.")


def _with_store(use: Callable[[KeyStore], Awaitable[T]]) -> T:
    async def work() -> T:
        async with open_key_store(KernelSettings(), SystemClock()) as store:
            return await use(store)

    return run(work())


def _state(key: StoredKey, now: datetime) -> str:
    if key.revoquee_le is not None:
        return f"révoquée le {instant(key.revoquee_le)}"
    if key.expire_le is None:
        return "valable"
    if key.expire_le <= now:
        return f"expirée le {instant(key.expire_le)}"
    return f"valable jusqu'au {instant(key.expire_le)}"
