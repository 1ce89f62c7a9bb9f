# syntax=docker/dockerfile:1
FROM node:24-slim AS base
WORKDIR /app
COPY package.json package-lock.json ./

# Install scripts bring a Node and a PostgreSQL for development: the image has the one, and needs no other.
FROM base AS dependencies
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM base AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM base
ENV NODE_ENV=production
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/build ./build
COPY server.js ./
COPY db ./db
COPY http ./http
COPY src/config.ts src/tracing.ts ./src/
COPY src/rules ./src/rules
# What create-admin judges and hashes a password with.
COPY src/lib ./src/lib
COPY src/server/errors.ts src/server/fields.ts ./src/server/
COPY src/server/auth/password.ts ./src/server/auth/
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
	CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]
