import { fileURLToPath } from "node:url";
import express, { Router } from "express";
import type { RequestHandler } from "express";
import { Problem } from "./problem.ts";

/** Folder of the built web pages (`npm run build:web`). */
const WEB = fileURLToPath(new URL("../../dist-web", import.meta.url));

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

/** The web pages. Every path without a file is a place inside the one page. */
export function pageRoutes(): Router {
  const router = Router();
  router.use(
    "/assets",
    express.static(`${WEB}/assets`, { immutable: true, maxAge: "1y", fallthrough: false }),
  );
  router.use(express.static(WEB, { cacheControl: false }));
  router.get("/{*path}", (_request, response, next) => {
    response.set("Cache-Control", "no-cache").sendFile("index.html", { root: WEB }, (error) => {
      if (error) next(new Problem(404, "Not found", "The web pages are not built: npm run build:web."));
    });
  });
  return router;
}
