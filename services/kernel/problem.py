"""What is answered instead of a result: RFC 9457 problem details, in French for who reads them.

Use cases and entrypoints raise the class that names the decision; `http.create_api` answers with
`application/problem+json`. `code` is stable (clients branch on it), titles and details may change.

    Problem
    ├── BadRequest 400   Unauthorized 401   Forbidden 403   NotFound 404
    ├── Conflict 409     Gone 410           TooLarge 413    UnsupportedMedia 415
    └── Invalid 422      TooMany 429        Unavailable 503
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final

MEDIA_TYPE: Final = "application/problem+json"
_URN: Final = "urn:catalogue:probleme:"


@dataclass(frozen=True, slots=True)
class Erreur:
    """One thing wrong with the input: where, a stable code, what, and what to do about it."""

    champ: str | None
    code: str
    message: str
    que_faire: str | None = None


class Problem(Exception):
    """An answer that is not the one asked for; `detail` is a French sentence for the caller.

    `code` and `title` default to the class's own. `extra` are further members of the document,
    `headers` further headers of the answer. Nothing secret or internal goes in any of them.
    """

    status: int = 500
    default_code: ClassVar[str] = "erreur_interne"
    default_title: ClassVar[str] = "Erreur interne"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        title: str | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the document will say."""
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.title = title or self.default_title
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    def document(self, *, trace: str | None = None, instance: str | None = None) -> dict[str, Any]:
        """Return the members of the problem document; the reserved ones win over `extra`."""
        members = {
            "type": _URN + self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "instance": instance,
            "trace": trace,
        }
        members |= {name: value for name, value in self.extra.items() if name not in members}
        return {name: value for name, value in members.items() if value is not None}


class BadRequest(Problem):
    """The request cannot be understood at all (not JSON, cut, wrong encoding)."""

    status = 400
    default_code = "requete_illisible"
    default_title = "Requête illisible"


class Unauthorized(Problem):
    """No key, or one that is not valid; carries `WWW-Authenticate`."""

    status = 401
    default_code = "cle_api_absente"
    default_title = "Clé d'API requise"

    def __init__(self, detail: str, *, code: str | None = None, title: str | None = None) -> None:
        """Add the challenge that RFC 9110 requires."""
        challenge = {"WWW-Authenticate": 'Bearer realm="catalogue"'}
        super().__init__(detail, code=code, title=title, headers=challenge)


class Forbidden(Problem):
    """The key is valid but its role or scope does not allow this."""

    status = 403
    default_code = "acces_refuse"
    default_title = "Accès refusé"


class NotFound(Problem):
    """Nothing there, and nothing known to have been."""

    status = 404
    default_code = "introuvable"
    default_title = "Introuvable"


class Conflict(Problem):
    """What is asked contradicts the present state."""

    status = 409
    default_code = "conflit"
    default_title = "Conflit"


class Gone(Problem):
    """It was there and is withdrawn for good."""

    status = 410
    default_code = "retire"
    default_title = "Retiré"


class PreconditionFailed(Problem):
    """The state is no longer the one that the caller saw; `extra` tells the present version."""

    status = 412
    default_code = "version_depassee"
    default_title = "Version dépassée"


class PreconditionRequired(Problem):
    """A write that must name, by `If-Match`, the version that its author saw."""

    status = 428
    default_code = "version_requise"
    default_title = "Version requise"


class TooLarge(Problem):
    """The body exceeds a limit, which the detail tells."""

    status = 413
    default_code = "corps_trop_grand"
    default_title = "Contenu trop volumineux"


class UnsupportedMedia(Problem):
    """The media type or content encoding is not read here; the detail lists those that are."""

    status = 415
    default_code = "format_non_pris_en_charge"
    default_title = "Format non pris en charge"


class Invalid(Problem):
    """Readable but wrong: `erreurs` says field by field what, and what to do."""

    status = 422
    default_code = "donnees_invalides"
    default_title = "Données invalides"

    def __init__(
        self,
        detail: str,
        erreurs: Sequence[Erreur] = (),
        *,
        code: str | None = None,
        title: str | None = None,
    ) -> None:
        """Keep the list for the `erreurs` member."""
        self.erreurs = tuple(erreurs)
        extra = {"erreurs": [asdict(erreur) for erreur in self.erreurs]}
        super().__init__(detail, code=code, title=title, extra=extra)


class _Later(Problem):
    """Worth asking again after `retry_after` seconds."""

    def __init__(self, detail: str, *, retry_after: int, code: str | None = None) -> None:
        """Add `Retry-After`, at least one second."""
        super().__init__(detail, code=code, headers={"Retry-After": str(max(1, retry_after))})


class TooMany(_Later):
    """The caller goes too fast."""

    status = 429
    default_code = "trop_de_requetes"
    default_title = "Trop de requêtes"


class Unavailable(_Later):
    """A server that this answer needs does not respond for now."""

    status = 503
    default_code = "service_indisponible"
    default_title = "Service momentanément indisponible"
