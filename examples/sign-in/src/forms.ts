import type { Request, RequestHandler, Response } from "express";
import { z } from "zod";

/** What people send to sign in. */
export const credentials = z.object({ email: z.string().max(200), password: z.string().min(1).max(200) });

/** What people send to get another password. */
export const newPassword = z.object({ password: z.string().min(8).max(200) });

/** The account that a form is about, as limits count it. */
export function emailOf(request: Request): string | undefined {
  const { data } = z.object({ email: z.string().max(200) }).safeParse(request.body);
  return data?.email;
}

/** A handler of forms that are as they should be; others are told what is wrong with them. */
export function form<T>(
  schema: z.ZodType<T>,
  handle: (data: T, request: Request, response: Response) => void | Promise<void>,
): RequestHandler {
  return async (request, response) => {
    const { data, error } = schema.safeParse(request.body);
    if (error) response.status(400).json({ message: z.prettifyError(error) });
    else await handle(data, request, response);
  };
}
