# One image for web, workers and beat. Built in two stages; runs as a user without rights.
FROM python:3.11.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /house
RUN python -m venv /venv
COPY requirements/runtime.txt requirements/runtime.txt
RUN /venv/bin/pip install --require-hashes -r requirements/runtime.txt
COPY manage.py ./
COPY cms cms
COPY marketplace marketplace
COPY search search
COPY tasks tasks
# Catalogues and static files are made here once; no service is asked
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    && export SECRET_KEY DATABASE_URL=postgresql://build@localhost/build REDIS_URL=redis://localhost \
              STATIC_ROOT=/house/static \
    && /venv/bin/python -c 'from cms.catalogues import compile_all; compile_all()' \
    && /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11.13-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cms.settings STATIC_ROOT=/house/static DATA_DIR=/data
RUN groupadd --gid 10001 house \
    && useradd --system --uid 10001 --gid 10001 --home-dir /house house \
    && mkdir /data && chown house:house /data
COPY --from=build /venv /venv
COPY --from=build /house /house
WORKDIR /house
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "cms.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-server-header", "--timeout-graceful-shutdown", "20"]
