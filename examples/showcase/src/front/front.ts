import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { personAt } from "../housed.ts";
import type { Housed } from "../housed.ts";
import { ENTER, enter, sayPlainly } from "./enter.ts";
import { placeOf } from "./hosts.ts";
import type { Place } from "./hosts.ts";
import type { Target } from "./target.ts";

/** What stands behind the one port. */
export interface FrontParts {
  readonly page: Target;
  readonly housed: readonly Housed[];
}

/** A server that looks at the host name of each request and hands it to the page, an application, or the seat's door. */
export function createFront({ page, housed }: FrontParts): Server {
  const find = (name: string): Housed | undefined => housed.find(({ exhibit }) => exhibit.name === name);

  function behind(place: Place): Target | undefined {
    return place.kind === "page" ? page : find(place.name)?.running?.target;
  }

  const http = createServer((request, response) => {
    const place = placeOf(request.headers.host);
    const target = behind(place);
    if (place.kind === "seat" && pathOf(request) === ENTER) takeSeat(response, find(place.name), place.seat);
    else if (target) target.request(request, response);
    else if (place.kind !== "page") sayWhatIsNot(response, find(place.name), place.name);
  });
  http.on("upgrade", (request, socket, head) => {
    const target = behind(placeOf(request.headers.host));
    if (target) target.upgrade(request, socket, head);
    else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
  });
  return http;
}

function takeSeat(response: ServerResponse, housed: Housed | undefined, seat: string): void {
  const person = housed?.running && personAt(housed.running.application, seat);
  if (!housed?.running || !person) {
    sayWhatIsNot(response, housed, seat);
    return;
  }
  void enter(response, { url: housed.running.url, person, to: "/" });
}

/** Says why there is nothing at a host name. */
function sayWhatIsNot(response: ServerResponse, housed: Housed | undefined, name: string): void {
  if (housed && !housed.running) {
    const title = `${housed.exhibit.title} does not run`;
    sayPlainly(response, { status: 503, title, words: housed.failure });
    return;
  }
  const words = `Nothing here is called "${name}". The page at the port without a name shows what there is.`;
  sayPlainly(response, { status: 404, title: "There is nothing here", words });
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return url.split("?")[0]!;
}
