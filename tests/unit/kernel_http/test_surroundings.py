"""What surrounds each request: identifiers, headers, log, metrics."""

import pytest
from prometheus_client import REGISTRY
from structlog.typing import EventDict

from services.kernel.tracing import current_traceparent
from tests.unit.kernel_http.apps import client, make_app

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"


async def test_the_callers_trace_and_request_id_are_kept() -> None:
    async with client(make_app(), traceparent=TRACEPARENT, X_Request_Id="abc-1") as http:
        answer = await http.get("/v1/items")

    assert answer.headers["traceparent"].split("-")[1] == TRACE
    assert answer.headers["x-request-id"] == "abc-1"


@pytest.mark.parametrize("header", ["", "00-zz-zz-00", "00-" + "0" * 32 + "-b7ad6b7169203331-01"])
async def test_a_trace_that_is_none_is_replaced(header: str) -> None:
    async with client(make_app(), traceparent=header) as http:
        first, second = [(await http.get("/v1/items")).headers["traceparent"] for _ in range(2)]

    assert first.split("-")[1] not in (second.split("-")[1], "0" * 32, "zz")


async def test_a_request_id_that_could_forge_a_log_is_replaced() -> None:
    async with client(make_app(), X_Request_Id='a"},{"') as http:
        answer = await http.get("/v1/items")

    assert answer.headers["x-request-id"].isalnum()


async def test_no_trace_is_left_behind() -> None:
    async with client(make_app()) as http:
        await http.get("/v1/items")

    assert current_traceparent() is None


@pytest.mark.parametrize("path", ["/v1/items", "/page", "/nulle-part", "/v1/panne", "/vivant"])
async def test_every_answer_is_secured(path: str) -> None:
    async with client(make_app()) as http:
        headers = (await http.get(path)).headers

    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]


async def test_other_sites_may_read_and_only_read() -> None:
    async with client(make_app(), Origin="https://ailleurs.fr") as http:
        reading = await http.get("/v1/items")
        asked = {"Access-Control-Request-Method": "POST"}
        writing = await http.options("/v1/items", headers=asked)

    assert reading.headers["access-control-allow-origin"] == "*"
    assert writing.status_code == 400


async def test_the_log_tells_the_request_and_no_secret(logs: list[EventDict]) -> None:
    async with client(make_app(), X_Api_Key="auteur") as http:
        await http.post("/v1/items?secret=1", json={"nom": "mot-prive", "rang": 1})

    (event,) = [event for event in logs if event["event"] == "requete"]
    assert (event["methode"], event["route"], event["statut"]) == ("POST", "/v1/items", 422)
    assert event["requete"]
    assert "secret" not in str(logs)
    assert "mot-prive" not in str(logs)


async def test_probes_do_not_fill_the_log(logs: list[EventDict]) -> None:
    async with client(make_app()) as http:
        await http.get("/vivant")
        await http.get("/metrics")

    assert logs == []


async def test_a_transient_fault_is_a_warning_and_a_bug_an_error(logs: list[EventDict]) -> None:
    async with client(make_app()) as http:
        await http.get("/v1/absent")
        await http.get("/v1/panne")

    levels = {event["event"]: event["log_level"] for event in logs}
    assert levels["requete.serveur_absent"] == "warning"
    assert levels["requete.echec"] == "error"


@pytest.mark.parametrize(
    ("path", "causes"),
    [
        ("/v1/absent", ["ConnectionRefusedError: 10.0.0.7"]),
        (
            "/v1/reprise",
            [
                "Retry: MongoDB ne répond pas",
                "ConnectionRefusedError: mongodb://10.0.0.7/?x=1",
            ],
        ),
    ],
)
async def test_why_a_server_was_away_is_logged_once_and_without_its_password(
    path: str, causes: list[str], logs: list[EventDict]
) -> None:
    async with client(make_app()) as http:
        await http.get(path)

    told = [event for event in logs if event["event"] != "requete"]
    assert [(event["event"], event["causes"]) for event in told] == [
        ("requete.serveur_absent", causes)
    ]


async def test_requests_are_measured_by_template_never_by_address() -> None:
    async with client(make_app()) as http:
        for name in ("alpha", "beta"):
            await http.get(f"/v1/conflit/{name}")
            await http.get(f"/inconnu/{name}")
        page = (await http.get("/metrics")).text

    labels = {"service": "essai", "method": "GET", "route": "/v1/conflit/{quoi}", "status": "409"}
    count = REGISTRY.get_sample_value("catalogue_http_request_seconds_count", labels)
    assert count is not None
    assert count >= 2
    assert "alpha" not in page
