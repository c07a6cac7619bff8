"""Asking an address service at its pace: what is kept, what is asked again, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from services.enrich.adapters.geocodeur import GeocodeurHttp, client
from services.enrich.domain.enrichissement.geocodage import (
    Adresse,
    Geocodage,
    Issue,
    Panne,
    Reponse,
)
from services.enrich.ports_geocodage import Demande
from services.enrich.usecases.geocoder import Geocoder
from tests.unit.enrich.fabrique import references
from tests.unit.enrich.faux_geocodeur import Ligne, faux_geocodeur, trouvee

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
NICE = Adresse("12 rue de la Gare", "06000", "06088", "Nice")
AVIGNON = Adresse("3 place Pie", "84000", "84007", "Avignon")
REFERENCES = references()


@dataclass
class File:
    """The queue in memory: addresses, when each is due, what was kept."""

    adresses: Sequence[Adresse]
    prochains: dict[str, datetime] = field(default_factory=dict)
    essais: dict[str, int] = field(default_factory=dict)
    reponses: dict[str, Geocodage] = field(default_factory=dict)

    async def prendre(self, maintenant: datetime, rendre: datetime) -> Demande | None:
        for adresse in self.adresses:
            if self.prochains.get(adresse.cle, maintenant) <= maintenant:
                self.prochains[adresse.cle] = rendre
                return Demande(adresse.cle, adresse, self.essais.get(adresse.cle, 0))
        return None

    async def repondre(self, cle: str, geocodage: Geocodage, prochain: datetime) -> None:
        self.reponses[cle] = geocodage
        self.prochains[cle] = prochain

    async def reporter(self, cle: str, prochain: datetime) -> None:
        self.prochains[cle] = prochain
        self.essais[cle] = self.essais.get(cle, 0) + 1

    async def examiner(self) -> int:
        raise NotImplementedError

    async def etat(self) -> str:
        raise NotImplementedError

    async def connus(self) -> Mapping[str, Geocodage]:
        return self.reponses

    async def a_reprendre(self, avant: datetime, nombre: int) -> Mapping[str, Sequence[str]]:
        raise NotImplementedError

    async def reprises(self, cles: Sequence[str]) -> None:
        raise NotImplementedError


def _geocoder(file: File, geocodeur: GeocodeurHttp) -> Geocoder:
    return Geocoder(file, geocodeur, lambda: 1.0, 0.2, 0.5, timedelta(days=365))


@pytest.mark.parametrize(
    ("ligne", "issue"),
    [
        (trouvee("06088", (43.7, 7.27)), Issue.ACCEPTEE),
        (trouvee("84007", (43.95, 4.8)), Issue.AUTRE_DEPARTEMENT),
        (trouvee("06029", (43.55, 7.01)), Issue.AUTRE_COMMUNE),
        (trouvee("06088", (43.7, 7.27), score=0.3), Issue.SCORE_FAIBLE),
        (Ligne(), Issue.INTROUVABLE),
        (Ligne(statut=400, corps=b"q: bad"), Issue.INTROUVABLE),
    ],
)
async def test_an_answer_is_judged_and_kept_for_a_year(ligne: Ligne, issue: Issue) -> None:
    file = File([NICE])
    async with faux_geocodeur(ligne) as service, client(service.adresse, 2, "essai") as http:
        attente = await _geocoder(file, GeocodeurHttp(http)).avancer(REFERENCES, NOW)

    assert attente == 0.2
    assert file.reponses[NICE.cle].issue is issue
    assert file.reponses[NICE.cle].le == "2026-01-15"
    assert file.prochains[NICE.cle] == NOW + timedelta(days=365)


async def test_the_commune_is_asked_for_with_the_address() -> None:
    sans_commune = replace(NICE, code_commune_insee=None)
    async with faux_geocodeur(Ligne()) as service, client(service.adresse, 2, "essai") as http:
        for adresse in (NICE, sans_commune):
            await GeocodeurHttp(http).chercher(adresse)

    (avec, sans) = service.questions
    assert avec["chemin"] == "/geocodage/search/"
    assert (avec["q"], avec["citycode"]) == ("12 rue de la Gare", "06088")
    assert ("citycode" in sans, sans["postcode"]) == (False, "06000")


@pytest.mark.parametrize(
    ("ligne", "secondes"),
    [
        (Ligne(statut=429, entetes={"Retry-After": "90"}), 120),
        (Ligne(statut=429), 30),
        (Ligne(statut=503, entetes={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), 30),
        (Ligne(statut=500), 30),
        (Ligne(muet=True), 30),
        (Ligne(corps=b"<html>"), 30),
        (Ligne(corps=b'{"features": [{"geometry": null, "properties": {}}]}'), 30),
    ],
)
async def test_a_failure_is_asked_again_later_and_everything_waits(
    ligne: Ligne, secondes: int
) -> None:
    file = File([NICE, AVIGNON])
    async with faux_geocodeur(ligne) as service, client(service.adresse, 0.2, "essai") as http:
        attente = await _geocoder(file, GeocodeurHttp(http)).avancer(REFERENCES, NOW)

    assert attente == secondes
    assert file.prochains == {NICE.cle: NOW + timedelta(seconds=secondes)}
    assert file.reponses == {}
    assert len(service.questions) == 1


async def test_failures_in_a_row_slow_everything_down_and_success_ends_it() -> None:
    adresses = [replace(NICE, adresse=f"{n} rue de la Gare") for n in range(6)]
    file = File(adresses)
    pannes = [Ligne(statut=429)] * 4
    succes = trouvee("06088", (43.7, 7.27))
    async with (
        faux_geocodeur(*pannes, succes) as service,
        client(service.adresse, 2, "essai") as http,
    ):
        geocoder = _geocoder(file, GeocodeurHttp(http))
        attentes, maintenant = [], NOW
        for _ in range(5):
            attente = await geocoder.avancer(REFERENCES, maintenant)
            assert attente is not None
            attentes.append(attente)
            maintenant += timedelta(seconds=attente)

    assert attentes == [30, 60, 120, 240, 0.2]
    assert len(service.questions) == 5


async def test_a_service_that_is_away_is_a_failure() -> None:
    async with faux_geocodeur(Ligne()) as service:
        adresse = service.adresse
    async with client(adresse, 0.2, "essai") as http:
        with pytest.raises(Panne):
            await GeocodeurHttp(http).chercher(NICE)


async def test_nothing_is_asked_when_nothing_is_due() -> None:
    file = File([NICE], {NICE.cle: NOW + timedelta(seconds=1)})
    async with faux_geocodeur(Ligne()) as service, client(service.adresse, 2, "essai") as http:
        assert await _geocoder(file, GeocodeurHttp(http)).avancer(REFERENCES, NOW) is None

    assert service.questions == []


async def test_what_the_service_says_is_read() -> None:
    ligne = trouvee("06088", (43.7, 7.27), 0.87, "12 Rue de la Gare 06000 Nice")
    async with faux_geocodeur(ligne) as service, client(service.adresse, 2, "essai") as http:
        reponse = await GeocodeurHttp(http).chercher(NICE)

    assert reponse == Reponse(
        "06088", None, None, (43.7, 7.27), 0.87, "12 Rue de la Gare 06000 Nice"
    )
