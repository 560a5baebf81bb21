import { fileURLToPath } from "node:url";
import express, { Router } from "express";
import type { RequestHandler } from "express";
import { Problem } from "./problem.ts";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Tells browsers to run nothing but this site's own files. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  });
  next();
};

/** The web pages, from the folder in which they were built. Every path without a file is a place inside the one page. */
export function pageRoutes(folder: URL): Router {
  const root = fileURLToPath(folder);
  const router = Router();
  router.use(
    "/assets",
    express.static(`${root}/assets`, { immutable: true, maxAge: "1y", fallthrough: false }),
  );
  router.use(express.static(root, { cacheControl: false }));
  router.get("/{*path}", (_request, response, next) => {
    response.set("Cache-Control", "no-cache").sendFile("index.html", { root }, (error) => {
      if (error) next(new Problem(404, "Not found", "The web pages are not built: npm run build:web."));
    });
  });
  return router;
}
