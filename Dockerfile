# syntax=docker/dockerfile:1
# One image for every example; APPLICATION says which one a container runs.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --include=dev --no-fund --no-audit
RUN npx tsc -b && npm run build:web --workspaces --if-present
RUN npm prune --omit=dev --no-fund --no-audit

FROM node:22-bookworm-slim
# No NODE_ENV=production: the composition speaks plain HTTP, and session cookies would then ask for TLS.
ENV APPLICATION=hostel-issues PORT=3000
WORKDIR /app
COPY --from=build --chown=node:node /app /app
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# exec: signals reach the server, which then lets running requests finish.
CMD ["sh", "-c", "exec node \"examples/$APPLICATION/dist/main.js\""]
