/** What a host name asks for. */
export type Place =
  | { readonly kind: "page" }
  | { readonly kind: "application"; readonly name: string }
  | { readonly kind: "seat"; readonly name: string; readonly seat: string };

const PAGE: Place = { kind: "page" };

/** Asked for by the page, to find out whether this browser finds names that end in `.localhost`. */
export const PROBE = "probe";

/**
 * Reads a `Host` header: `hostel.localhost:3000` is an application, `asha.hostel.localhost:3000` a seat in it, with a cookie jar of its own.
 * Everything else is the page that explains: the machine may be called anything.
 */
export function placeOf(host: string | undefined): Place {
  const [, words] = /^([a-z0-9.-]+)\.localhost\.?(?::\d+)?$/.exec((host ?? "").toLowerCase()) ?? [];
  if (words === undefined || words === PROBE) return PAGE;
  const [name = "", seat, ...more] = words.split(".").reverse();
  if (more.length > 0) return PAGE;
  return seat === undefined ? { kind: "application", name } : { kind: "seat", name, seat };
}

/** What a person's host name begins with. */
export function seatOf(person: { readonly id: string }): string {
  return person.id.toLowerCase().replaceAll(/[^a-z0-9-]+/g, "-");
}

/** The host name of a `Host` header, without the port. */
export function hostName(host: string | undefined): string {
  return (host ?? "localhost").replace(/:\d+$/, "");
}
