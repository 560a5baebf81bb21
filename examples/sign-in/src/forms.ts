import type { Request } from "express";
import { z } from "zod";

/** What people send to sign in. */
export const credentials = z.object({ email: z.string().max(200), password: z.string().min(1).max(200) });

/** The account that a form is about, as limits count it. */
export function emailOf(request: Request): string | undefined {
  const { data } = z.object({ email: z.string().max(200) }).safeParse(request.body);
  return data?.email;
}
