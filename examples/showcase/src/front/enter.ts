import type { ServerResponse } from "node:http";
import type { DemoPerson } from "example-kit/application";

/** The path that signs somebody in and leads on. */
export const ENTER = "/~enter";

const PATIENCE_MS = 10_000;

/** Who enters which application, and where they are led then. */
export interface Entering {
  /** Where the application answers. */
  readonly url: string;
  readonly person: DemoPerson;
  readonly to: string;
}

/**
 * Signs one of the demonstration's people in, as the sign-in page would, hands the application's cookies to the browser, and leads on.
 * When the application does not let them in, the browser is told why.
 */
export async function enter(response: ServerResponse, { url, person, to }: Entering): Promise<void> {
  const { email, password, name } = person;
  try {
    const answer = await fetch(`${url}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await answer.arrayBuffer();
    if (answer.status !== 201) throw new Error(`the application answered ${answer.status}`);
    response.writeHead(303, {
      "Set-Cookie": answer.headers.getSetCookie(),
      "Cache-Control": "no-store",
      Location: to,
    });
    response.end();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    sayPlainly(response, {
      status: 502,
      title: `${name} could not be signed in`,
      words: `${why}. Reload this page to try again.`,
    });
  }
}

export interface PlainWords {
  readonly status: number;
  readonly title: string;
  readonly words: string;
}

/** Answers with a page of a few words. */
export function sayPlainly(response: ServerResponse, { status, title, words }: PlainWords): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<meta name="color-scheme" content="light dark"><title>${escape(title)}</title>` +
      `<body style="font:1.05rem/1.6 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.25rem">` +
      `<main><h1 style="font-size:1.5rem">${escape(title)}</h1><p>${escape(words)}</p></main></body></html>`,
  );
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
