import { Router } from "express";
import type { CookieOptions, Request, RequestHandler, Response } from "express";
import { Problem } from "example-kit/problem";
import { credentials, emailOf, givenBack } from "example-kit/signing-in";
import { signInLimits } from "livecache";
import { guard, limited } from "livecache/express";
import type { Person, SessionAnswer, TokenAnswer } from "../answers.ts";
import { rightsOf } from "../dashboards.ts";
import { findByPassword, readPeople } from "../store/people.ts";
import { LASTS_SECONDS, RENEWAL_COOKIE, TOKEN_COOKIE, cookieOf } from "../tokens.ts";
import type { SchoolTokens, SignedIn } from "../tokens.ts";
import { whoOf } from "./guard.ts";
import type { RouteParts } from "./guard.ts";

export interface SessionRouteParts extends RouteParts {
  readonly tokens: SchoolTokens;
}

const cookie = { httpOnly: true, sameSite: "lax", path: "/" } as const;
/** The renewal token is sent to nothing but the session's own address. */
const renewalCookie = { ...cookie, path: "/api/session" } as const;

/**
 * Signing in and out. A page has a token for a quarter of an hour in a cookie, and another cookie to renew it with; a program has one token
 * for an hour. Whoever signs out gives back all that their sign-in was worth, everywhere and at once.
 */
export function sessionRoutes(parts: SessionRouteParts): Router {
  const { live, tokens } = parts;
  const router = Router();
  const limits = limited(live, signInLimits(emailOf));

  router.get("/session", async (request, response) => {
    const signedIn = await renewerOf(parts, request);
    response.json(signedIn ? await welcome(parts, response, signedIn) : { person: null });
  });

  router.post("/session", limits, async (request, response) => {
    const signedIn = tokens.begin(await userOf(parts, request), "renewal");
    response.status(201).json(await welcome(parts, response, signedIn));
  });

  // Asked by pages shortly before their token runs out, and before they connect.
  router.post("/session/renewal", async (request, response) => {
    const signedIn = await renewerOf(parts, request);
    if (!signedIn) throw new Problem(401, "Not signed in", "Sign in first: POST /api/session.");
    response.json(await welcome(parts, response, signedIn));
  });

  router.delete("/session", async (request, response) => {
    const page = await tokens.readOne("page", cookieOf(request.headers.cookie, TOKEN_COOKIE));
    const signedIn = (await renewerOf(parts, request)) ?? page;
    if (signedIn) await givenBack(live.tokens.revoke(signedIn.tokenId, signedIn.endsAt));
    response
      .clearCookie(TOKEN_COOKIE, cookie)
      .clearCookie(RENEWAL_COOKIE, renewalCookie)
      .json({ person: null });
  });

  return router.use(tokenRoutes(parts, limits));
}

/** Tokens of programs, and of everything at once. */
function tokenRoutes(parts: SessionRouteParts, limits: RequestHandler): Router {
  const { live, tokens } = parts;
  const router = Router();

  router.post("/tokens", limits, async (request, response) => {
    const signedIn = tokens.begin(await userOf(parts, request), "api");
    const token = await tokens.write("api", signedIn);
    response.status(201).json({ token, expiresAt: signedIn.endsAt } satisfies TokenAnswer);
  });

  // The token that the request rests on: for as long as it would have been good.
  router.delete("/tokens", guard(live), async (request, response) => {
    const { tokenId, endsAt } = whoOf(request);
    await givenBack(live.tokens.revoke(tokenId, endsAt));
    response.json({ message: "The token is given back." });
  });

  router.delete("/sessions", guard(live), async (request, response) => {
    await givenBack(live.tokens.revokeUser(whoOf(request).userId));
    response
      .clearCookie(TOKEN_COOKIE, cookie)
      .clearCookie(RENEWAL_COOKIE, renewalCookie)
      .json({ person: null });
  });
  return router;
}

/** The sign-in that a page may renew itself by. The short token is not enough for that: whoever copied it has it for a quarter of an hour. */
async function renewerOf(
  { live, tokens }: SessionRouteParts,
  request: Request,
): Promise<SignedIn | undefined> {
  const signedIn = await tokens.readOne("renewal", cookieOf(request.headers.cookie, RENEWAL_COOKIE));
  return signedIn && live.tokens.check(signedIn) !== "revoked" ? signedIn : undefined;
}

/** Gives a page fresh tokens, and says who it is. */
async function welcome(
  { db, live, tokens }: SessionRouteParts,
  response: Response,
  signedIn: SignedIn,
): Promise<SessionAnswer> {
  const [person] = await readPeople(db, signedIn.userId);
  if (!person) return { person: null };
  const { secure } = response.req;
  const maxAge = LASTS_SECONDS.page * 1_000;
  response.cookie(TOKEN_COOKIE, await tokens.write("page", signedIn), { ...cookie, secure, maxAge });
  const rest: CookieOptions = { secure, maxAge: signedIn.endsAt - Date.now() };
  response.cookie(RENEWAL_COOKIE, await tokens.write("renewal", signedIn), { ...renewalCookie, ...rest });
  const [rights, socketToken] = await Promise.all([
    rightsOf(live, db, person.role),
    tokens.write("socket", signedIn),
  ]);
  return { person: person satisfies Person, rights, socketToken };
}

async function userOf({ db }: SessionRouteParts, request: Request): Promise<string> {
  const { password, ...who } = credentials.parse(request.body);
  const userId = await findByPassword(db, who.email, password);
  if (userId === undefined)
    throw new Problem(401, "Not signed in", "The address or the password is not right.");
  return userId;
}
