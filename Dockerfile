# The image holds Python, the packages of requirements-run.lock and govlog: no compiler, no pip cache.

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/govlog
COPY requirements-run.lock ./
RUN /opt/govlog/bin/pip install --no-cache-dir --require-hashes --requirement requirements-run.lock
COPY pyproject.toml README.md LICENSE ./
COPY govlog govlog
COPY projections projections
COPY api api
RUN /opt/govlog/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/govlog/bin/pip uninstall --yes hatchling pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/govlog --create-home govlog
COPY --from=build /opt/govlog /opt/govlog
ENV PATH=/opt/govlog/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    GOVLOG_DATA=/var/lib/govlog \
    GOVLOG_HOST=0.0.0.0 \
    PORT=8000
USER 10001
VOLUME /var/lib/govlog
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/livez', timeout=2)"]
ENTRYPOINT ["govlog"]
CMD ["serve"]
