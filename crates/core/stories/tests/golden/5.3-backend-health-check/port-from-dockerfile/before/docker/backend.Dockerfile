FROM node:22 AS base
EXPOSE 4000
FROM base AS development
CMD ["npm", "run", "dev"]
FROM nginx:1.27 AS production
EXPOSE 80
