# One image for every process: `docker run catalogue services.search api`.
FROM python:3.13-slim AS build
WORKDIR /app
COPY pyproject.toml requirements.lock ./
# uv itself comes from the lock, and only what runs is installed: no test tool, no embedded server.
RUN awk '/^[^ ]/ { keep = /^uv==/ } keep' requirements.lock > uv.lock \
 && pip install --no-cache-dir --require-hashes -r uv.lock \
 && uv venv .venv \
 && uv pip install --no-cache --constraint requirements.lock --requirement pyproject.toml

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin catalogue \
 RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin catalogueRUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin catalogue install -d -o catalogue -g catalogue /cles
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY contracts contracts
COPY services services
COPY deploy deploy
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CATALOGUE_HOTE=0.0.0.0 \
    CATALOGUE_PORT=8000
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["python", "deploy/docker/sante.py"]
ENTRYPOINT ["python", "-m"]
CMD ["services.cli", "--help"]
