/**
 * Why a request goes past the cache: it stands behind `bypass:` in `Cache-Status`.
 *
 * - `method`: neither GET nor HEAD · `target`: no path, or badly percent-encoded · `body`: a GET with a body
 * - `range`: asks for a part, or states a precondition other than revalidation
 * - `credentials`: carries `Cookie` or `Authorization`, and the route does not say how it varies
 * - `identity`: somebody by what `identify` says, and the route does not say how it varies
 */
export type BypassCause = "method" | "target" | "body" | "range" | "credentials" | "identity";

/**
 * Why a response is not stored: it stands behind `not-storable:` in `Cache-Status`.
 *
 * - `status`: not 200 · `set-cookie`: sets a cookie · `cache-control`: says `no-store` or `private`
 * - `vary`: depends on a header that the route does not name, or on `*`
 * - `too-large`: more bytes than the route's `maxBytes` · `streamed`: sent before it was complete
 * - `slow`: not complete in time · `left`: the client left in the middle of the body
 */
export type StoreCause =
  "status" | "set-cookie" | "cache-control" | "vary" | "too-large" | "streamed" | "slow" | "left";
