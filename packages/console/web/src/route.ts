import { useSyncExternalStore } from "react";

/** Where in the console somebody is: `#/caches/key?key=user:42`. */
export interface Route {
  readonly page: string;
  readonly query: URLSearchParams;
}

let last: { hash: string; route: Route } | undefined;

function read(): Route {
  const { hash } = location;
  if (last?.hash !== hash) {
    const [page = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
    last = { hash, route: { page: page || "overview", query: new URLSearchParams(query) } };
  }
  return last.route;
}

function listen(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

/** Where somebody is. The address after `#` says it, so that the server needs to know nothing of it. */
export function useRoute(): Route {
  return useSyncExternalStore(listen, read);
}

/** The address of a page. */
export function hrefTo(page: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const text = new URLSearchParams(given).toString();
  return `#/${page}${text === "" ? "" : `?${text}`}`;
}

/** Goes to a page; `replace`: the browser's way back does not lead here. */
export function goTo(href: string, { replace = false } = {}): void {
  if (replace) location.replace(href);
  else location.assign(href);
}
