import { createLive } from "livecache";
import type { Ground, Identity } from "livecache";
import { createTokenReader } from "livecache/jwt";
import { readSession } from "livecache/session";
import type { SessionCookie } from "livecache/session";
import { contract } from "./contract.ts";
import type { People } from "./people.ts";

/** Who asks, however they signed in. */
export interface Who extends Identity {
  readonly role: string;
}

export interface LiveParts {
  readonly ground: Ground | undefined;
  readonly people: People;
  readonly secret: string;
  readonly tokenSecret: string;
  readonly cookie: SessionCookie;
}

/**
 * One node, and the one rule for who somebody is: for requests and sockets, with a session or with a token. What was revoked or has ended
 * is nobody, without a word of it here.
 */
export function openLive({ ground, people, secret, tokenSecret, cookie }: LiveParts) {
  const tokens = createTokenReader({ secret: tokenSecret });
  const who = (userId: string, rest: Omit<Identity, "userId">): Who | undefined => {
    const person = people.find(userId);
    return person && { userId, role: person.role, ...rest };
  };
  return createLive({
    ground,
    secret,
    contract,
    async identify(request, known) {
      const token = await tokens.read(request);
      if (token) return who(token.identity.userId, token.identity);
      const session = await readSession(known.sessions, request.headers, cookie);
      return session?.userId === undefined ? undefined : who(session.userId, { sessionId: session.id });
    },
    authorize: { "account/:userId": (person, { userId }) => person?.userId === userId },
  });
}

export type SignInLive = ReturnType<typeof openLive>;
