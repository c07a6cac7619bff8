"""The events of the catalogue: what each topic of `topics.py` carries as JSON data.

Consumers ignore fields that they do not know. A field may be added when optional; any other change
is a new topic version (design.md §5). Ranks of lines start at 1. `empreinte` is the digest of the
state without its sequence, origin and time: equal states have equal digests in every service.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from contracts.formation import Formation
from contracts.offre import Offre


class _Data(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Operation(StrEnum):
    """What was asked of an offer."""

    DEPOT = "depot"
    RETRAIT = "retrait"
    SUCCESSION = "succession"


class Etat(StrEnum):
    """Whether a formation lives; a withdrawal is a state, never a deletion (design.md §3)."""

    ACTIVE = "active"
    RETIREE = "retiree"
    REMPLACEE = "remplacee"


class Etape(StrEnum):
    """A stage that each accepted line of a deposit goes through, in this order."""

    ENRICHIE = "enrichie"
    INDEXEE = "indexee"
    EVALUEE = "evaluee"


class Origine(_Data):
    """The line of a deposit that caused an event."""

    depot: str
    ligne: int


class Confiance(StrEnum):
    """How sure a proposal is.

    HAUTE: follows from a table alone. MOYENNE: agrees with the rest of the offer. FAIBLE: one of
    several possible readings; a person should look.
    """

    HAUTE = "haute"
    MOYENNE = "moyenne"
    FAIBLE = "faible"


class Constat(_Data):
    """A finding: a stable code of `constats`, on a field, with the value and any proposal.

    `proposition` is the text that a person reads; `raison` says in French why it is proposed, and
    `confiance` how sure it is. `correction` holds the fields of the offer, with the values that
    accepting the proposal would give them; a proposal that cannot be applied has none.
    """

    code: str
    champ: str | None = None
    valeur: str | None = None
    proposition: str | None = None
    raison: str | None = None
    confiance: Confiance | None = None
    correction: dict[str, Any] | None = None


class OffreV1(_Data):
    """`catalogue.offres.v1`: an offer accepted by collect. Key: the offer's id."""

    id: str
    sequence: int
    operation: Operation
    origine: Origine | None
    essai: bool = False
    deposant: str
    recue_le: datetime
    empreinte: str
    motif: str | None = None
    remplacee_par: str | None = None
    predecesseurs: list[str] = []
    anciennes_cles: list[str] = []
    offre: Offre
    constats: list[Constat] = []


class FormationV1(_Data):
    """`catalogue.formations.v1`: full state of a formation. Key: its id, which is the offer's."""

    id: str
    sequence: int
    empreinte: str
    etat: Etat
    modifiee_le: datetime
    retiree_le: datetime | None = None
    motif_retrait: str | None = None
    remplacee_par: str | None = None
    predecesseurs: list[str] = []
    origine: Origine | None = None
    formation: Formation
    constats: list[Constat] = []


class StatutLigne(StrEnum):
    """What became of a line; each line of a deposit has exactly one at any moment."""

    ACCEPTEE = "acceptee"
    A_CORRIGER = "a_corriger"
    REFUSEE = "refusee"
    IDENTIQUE = "identique"
    IGNOREE = "ignoree"


class LigneConstatee(_Data):
    """Enrich's answer to one submitted line.

    `constats` are its own findings. `completes` are findings of collect, told again with the
    proposal that the reference tables allow: each takes the place of the one that it completes.
    """

    ligne: int
    offre: str
    sequence: int
    statut: StatutLigne
    constats: list[Constat] = []
    completes: list[Constat] = []


class ConstatsV1(_Data):
    """`catalogue.constats.v1`: answers to lines of one deposit. Key: the deposit's id."""

    depot: str
    essai: bool = False
    lignes: list[LigneConstatee]


class AvancementV1(_Data):
    """`catalogue.avancement.v1`: lines of a deposit that reached a stage. Key: the deposit's id.

    `lignes` holds closed ranges of ranks, ascending. The same event may come again, and ranges of
    several events may overlap: a follower keeps the union.
    """

    depot: str
    etape: Etape
    lignes: list[tuple[int, int]]


class PublicationPlateforme(_Data):
    """What partners may know of a formation on one platform (design.md §3, last point).

    `explication` holds stable codes of clauses, never an author, a precision or a raw answer.
    """

    perimetre: bool
    statut: str
    explication: list[str] = []
    identifiant: str | None = None
    publiee_le: datetime | None = None
    motif: str | None = None


class PublicationV1(_Data):
    """`catalogue.publications.v1`: displayed statuses of a formation. Key: the formation's id."""

    id: str
    sequence: int
    empreinte: str
    formation_sequence: int
    etat: Etat
    modifiee_le: datetime
    cle_ministere_educatif: str | None
    etablissement_lieu_formation_siret: str | None
    uai_formation: str | None
    num_academie: str | None
    origine: Origine | None = None
    parcoursup: PublicationPlateforme
    affelnet: PublicationPlateforme


class OffresConcernees(_Data):
    """How many offers of an establishment (its SIRET) or of an académie (its number)."""

    code: str
    offres: int


class ImpactV1(_Data):
    """What happens to a code of a table, and the active offers that it concerns.

    `nature` says what: `cfd_ferme`, `cfd_remplace`, `cfd_retire`, `rncp_termine`, `rncp_remplace`,
    `rncp_retire`, `commune_reunie`, `etablissement_ferme`, `qualiopi_perdue`; others may come. `le`
    is the civil date of its effect, or of the list that says so. An offer counts for its
    gestionnaire and for its formateur; for its académie once.
    """

    nature: str
    code: str
    libelle: str | None = None
    le: str | None = None
    successeur: str | None = None
    successeur_libelle: str | None = None
    message: str
    offres: int
    etablissements: list[OffresConcernees] = []
    academies: list[OffresConcernees] = []


class ReferentielV1(_Data):
    """`catalogue.referentiels.v1`: a reference table that changed in use. Key: its name.

    `version` and `precedente` name the sets of tables. A table with many impacts comes in several
    events of growing sequence.
    """

    table: str
    sequence: int
    version: str
    precedente: str
    annoncee_le: datetime
    impacts: list[ImpactV1] = []


class OffreAvisee(_Data):
    """An offer of a notice: what is said of it and since which civil day.

    `raison` is a stable code: `motif:`, `rejet:`, `retenue:`, `disparue:` or `clause:` and what
    follows. Never an author, a precision, a comment or a raw answer.
    """

    id: str
    cle_ministere_educatif: str | None = None
    plateforme: str | None = None
    statut: str | None = None
    raison: str | None = None
    depuis: str


class RubriqueAvisee(_Data):
    """How many offers stand under a heading, and those that came since the notice before.

    `code`: `rejetees`, `retenues`, `a_decider`, `en_attente`, `refusees`, `publiees`,
    `certification_fermee`, `disparues`; others may come.
    """

    code: str
    nombre: int
    nouvelles: int
    offres: list[OffreAvisee] = []


class AvisV1(_Data):
    """`catalogue.avis.v1`: the notice of a day. Key: whom it is for.

    `destinataire` is `academie:<number>` or `siret:<SIRET>`. `precedent` is the day of the notice
    that it goes on from. A long notice comes in several events of growing sequence, each with a
    part of the new offers; the counts are those of the whole.
    """

    destinataire: str
    sequence: int
    jour: str
    precedent: str | None = None
    etabli_le: datetime
    rubriques: list[RubriqueAvisee] = []
