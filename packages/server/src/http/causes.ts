/**
 * Why a request goes past the cache: it stands behind `bypass:` in `Cache-Status`.
 *
 * - `method`: neither GET nor HEAD · `target`: no path, or badly percent-encoded · `body`: a GET with a body
 * - `range`: asks for a part, or states a precondition other than revalidation
 * - `credentials`: carries `Cookie` or `Authorization`, and the route does not say how it varies
 * - `identity`: somebody by what `identify` says, and the route does not say how it varies
 * - `reload`: says `Cache-Control: no-cache` or `no-store`, and the route obeys that
 */
export type BypassCause = "method" | "target" | "body" | "range" | "credentials" | "identity" | "reload";

/**
 * Why a response is not stored: it stands behind `not-storable:` in `Cache-Status`.
 *
 * - `status`: not 200, nor 404 or 410 with an `absentTtl` · `set-cookie`: sets a cookie
 * - `cache-control`: says `no-store`, `private` or a lifetime of 0
 * - `vary`: depends on a header that the route does not name, or on `*`
 * - `too-large`: more bytes than the route's `maxBytes` · `streamed`: sent before it was complete
 * - `slow`: not complete in time · `left`: the client left in the middle of the body
 */
export type StoreCause =
  "status" | "set-cookie" | "cache-control" | "vary" | "too-large" | "streamed" | "slow" | "left";
