"""Hand-written ports in memory, and the means made of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from contracts.portees import Role
from services.acces.domain.comptes import Compte, Etape, Profil
from services.acces.domain.courriels import Courriel
from services.acces.ports import Transaction, Verification
from services.acces.usecases.moyens import Moyens
from services.kernel.auth import Identity
from services.kernel.clock import FixedClock
from services.kernel.ids import SequentialIds
from services.kernel.mail import is_address

T = TypeVar("T")
MAINTENANT = datetime(2026, 1, 15, 8, tzinfo=UTC)
INSTRUCTRICE = Profil(
    "Céline", "celine@academie.example", Role.INSTRUCTEUR_AFFELNET, ("academie:10",)
)
ADMINISTRATRICE = Profil("Anne", "anne@mission.example", Role.ADMINISTRATEUR, ("*",))


def compte(identifiant: str, profil: Profil = INSTRUCTRICE, **changes: object) -> Compte:
    return replace(
        Compte(
            id=identifiant,
            identifiant=identifiant,
            profil=replace(profil, courriel=f"{identifiant}@academie.example"),
            empreinte="1:Bonjour!1",
            mot_de_passe_le=MAINTENANT,
            version=1,
            cree_le=MAINTENANT,
            modifie_le=MAINTENANT,
            modifie_par="x",
        ),
        **changes,  # type: ignore[arg-type]
    )


class Hachage:
    """Tells the cost and the password, and keeps what was compared with."""

    def __init__(self, rounds: int = 1) -> None:
        self.rounds = rounds
        self.comparees: list[str | None] = []

    async def hacher(self, mot_de_passe: str) -> str:
        return f"{self.rounds}:{mot_de_passe}"

    async def verifier(self, mot_de_passe: str, empreinte: str | None) -> Verification:
        self.comparees.append(empreinte)
        cout, _, attendu = (empreinte or ":").partition(":")
        juste = empreinte is not None and attendu == mot_de_passe
        return Verification(juste, juste and int(cout) < self.rounds)


@dataclass
class Memoire:
    """Accounts, sessions and tokens: the port and its transactions, one at a time."""

    comptes: dict[str, Compte] = field(default_factory=dict)
    sessions: dict[str, Identity] = field(default_factory=dict)
    jetons: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    etapes: dict[str, list[Etape]] = field(default_factory=dict)
    avant_la_transaction: Callable[[], None] = lambda: None

    async def transaction(self, travail: Callable[[Transaction], Awaitable[T]]) -> T:
        self.avant_la_transaction()
        return await travail(self)

    async def par_nom(self, forme: str) -> Compte | None:
        return next((un for un in self.comptes.values() if forme in un.noms), None)

    async def par_id(self, identifiant: str) -> Compte | None:
        return self.comptes.get(identifiant)

    async def lister(self, *, debut: str, actifs: bool | None, limite: int) -> list[Compte]:
        tous = [
            un
            for un in self.comptes.values()
            if actifs in {None, un.profil.actif} and any(nom.startswith(debut) for nom in un.noms)
        ]
        return tous[:limite]

    async def rehacher(self, identifiant: str, avant: str, apres: str) -> None:
        if self.comptes[identifiant].empreinte == avant:
            self.comptes[identifiant] = replace(self.comptes[identifiant], empreinte=apres)

    async def compte(self, identifiant: str) -> Compte | None:
        return self.comptes.get(identifiant)

    async def creer(self, compte: Compte) -> None:
        self.comptes[compte.id] = compte

    async def remplacer(self, compte: Compte) -> None:
        self.comptes[compte.id] = compte

    async def journaliser(self, compte: Compte) -> None:
        etape = Etape(compte.version, compte.profil, compte.modifie_par, compte.modifie_le)
        self.etapes.setdefault(compte.id, []).insert(0, etape)

    async def historique(self, identifiant: str) -> list[Etape]:
        return self.etapes.get(identifiant, [])

    async def autres_administrateurs(self, identifiant: str) -> int:
        return sum(un.profil.administre for un in self.comptes.values() if un.id != identifiant)

    async def ouvrir_session(self, porteur: Identity) -> str:
        jeton = f"session-{len(self.sessions)}"
        self.sessions[jeton] = porteur
        return jeton

    async def fermer_sessions(self, identifiant: str) -> None:
        self.sessions = {j: p for j, p in self.sessions.items() if p.titulaire != identifiant}

    async def informer_sessions(self, porteur: Identity) -> None:
        self.sessions = {
            j: porteur if p.titulaire == porteur.titulaire else p for j, p in self.sessions.items()
        }

    async def emettre_jeton(self, identifiant: str, expire_le: datetime) -> str:
        jeton = f"jeton-{len(self.jetons)}"
        self.jetons[jeton] = (identifiant, expire_le)
        return jeton

    async def prendre_jeton(self, jeton: str, instant: datetime) -> str | None:
        identifiant, expire_le = self.jetons.pop(jeton, (None, instant))
        return identifiant if expire_le > instant else None

    async def oublier_jetons(self, identifiant: str) -> None:
        self.jetons = {j: (c, e) for j, (c, e) in self.jetons.items() if c != identifiant}


class Courrier:
    """Keeps the mails."""

    def __init__(self) -> None:
        self.partis: list[tuple[str, Courriel]] = []
        self.noms: list[str] = []

    async def envoyer(self, nom: str, adresse: str, courriel: Courriel) -> None:
        self.noms.append(nom)
        self.partis.append((adresse, courriel))

    def joignable(self, adresse: str) -> bool:
        return is_address(adresse)


@dataclass
class Banc:
    """The ports and the means made of them."""

    memoire: Memoire
    hachage: Hachage
    courrier: Courrier
    horloge: FixedClock
    moyens: Moyens


def banc(*comptes: Compte, rounds: int = 1) -> Banc:
    memoire = Memoire({un.id: un for un in comptes})
    hachage, courrier, horloge = Hachage(rounds), Courrier(), FixedClock(MAINTENANT)
    moyens = Moyens(
        comptes=memoire,
        hachage=hachage,
        courrier=courrier,
        horloge=horloge,
        ids=SequentialIds(),
        invitation=timedelta(days=7),
        oubli=timedelta(hours=1),
        adresse="https://catalogue.example/",
    )
    return Banc(memoire, hachage, courrier, horloge, moyens)
