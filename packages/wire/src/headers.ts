/**
 * HTTP header that carries a position. On a response: the position that the response is at least as new as. On a
 * request: the position that the answer must be at least as new as (read your writes).
 */
export const POSITION_HEADER = "Live-Position";

/** HTTP response header that carries the signed token with which the client watches the response. */
export const QUERY_HEADER = "Live-Query";
