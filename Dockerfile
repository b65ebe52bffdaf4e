# Skein as one image: the server, the built web app, and the embedded Postgres for whoever sets no DATABASE_URL.
FROM node:24-slim AS base
WORKDIR /skein
ENV npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM base
# tini is process 1: it passes signals on to node and buries what node leaves behind.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates tini \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node -m 0700 /data
COPY --from=dependencies /skein/node_modules node_modules
COPY --from=build /skein/build build
COPY package.json ./
COPY bin bin
COPY client client
COPY db db
COPY server server
ENV NODE_ENV=production HOST=:: PORT=3000 OPS_HOST=:: OPS_PORT=9464 DATA_DIR=/data
USER node
VOLUME /data
# The operations port (9464) is not for the public; it is not named here on purpose.
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.OPS_PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
# MiB of V8's young generation, which would grow with every storm of connections (docs/decisions/010), and of the heap it
# begins with: half of that is full from the first second on (docs/decisions/013). What was compiled stays so (015);
# heaps are made smaller after five minutes of rest (018, 022); what is done a few times a second is compiled within
# seconds, and node's own code lies on large pages if the kernel gives them (022).
CMD ["node", "--max-semi-space-size=16", "--initial-heap-size=96", "--no-flush-bytecode", "--gc-memory-reducer-start-delay-ms=300000", "--invocation-count-for-maglev=6", "--use-largepages=silent", "server/main.ts", "serve"]
