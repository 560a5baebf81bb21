/** Codings in which a body is stored besides its own form, the one that is preferred first. */
export const CODINGS = ["br", "gzip"] as const;

/** One of them. */
export type Coding = (typeof CODINGS)[number];
