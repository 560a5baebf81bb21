import type { Request } from "express";
import { isLiveError } from "livecache";
import { z } from "zod";

export const email = z.string().min(1).max(200);

/** What `POST /api/session` is sent. */
export const credentials = z.object({ email, password: z.string().min(1).max(200) });

const withEmail = z.object({ email });

/** The account that somebody tries, as the limits count it: written like an address is looked up, or spaces would be as many accounts. */
export function emailOf(request: Request): string | undefined {
  return withEmail.safeParse(request.body).data?.email.trim().toLowerCase();
}

/**
 * Waits until tokens are given back. While Redis is away that holds on this node at once, and on the others as soon as Redis is back: nobody is
 * kept from signing out. Rejects with whatever else was wrong.
 */
export async function givenBack(revoking: Promise<unknown>): Promise<void> {
  try {
    await revoking;
  } catch (error) {
    if (!isLiveError(error) || error.code !== "LIVE_REVOCATION_PENDING") throw error;
  }
}
