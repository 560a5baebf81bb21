import type { FastifyRequest } from "fastify";

const CONDITIONS: readonly string[] = ["if-none-match", "if-modified-since"];

/**
 * Shows a handler a plain, unconditional GET, so that it makes the whole response whatever was asked: HEAD and revalidation are
 * answered from that. The answer shows the request as it was again.
 */
export function presentAsPlainGet({ raw }: FastifyRequest): () => void {
  const { method = "GET", headers } = raw;
  const conditions = CONDITIONS.map((name) => [name, headers[name]] as const);
  raw.method = "GET";
  for (const name of CONDITIONS) delete headers[name];
  return () => {
    raw.method = method;
    for (const [name, value] of conditions) if (value !== undefined) headers[name] = value;
  };
}
