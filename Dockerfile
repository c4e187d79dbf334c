FROM debian:12-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/duly
COPY . .
# What is read-only later cannot be compiled then, and would be at each start.
RUN ./duly tier data_class=0 >/dev/null \
    && { .venv/bin/python -m compileall -q -j 0 . || true; } \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/duly --create-home duly \
    && install -d -m 0700 -o duly -g duly /var/lib/duly/data /var/lib/duly/keys

USER 10001:10001
ENV DULY_DATA_DIR=/var/lib/duly/data DULY_KEYS_FILE=/var/lib/duly/keys/keys.json
EXPOSE 8000
HEALTHCHECK CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000/readyz')"]
ENTRYPOINT ["./duly"]
CMD ["serve", "--host", "0.0.0.0"]
