export { createTokenReader } from "./token-reader.ts";
export type { TokenReader, VerifiedToken } from "./token-reader.ts";
export type { JwtAlgorithm, TokenReaderOptions } from "./reader-options.ts";
export type { TokenIdentity } from "./token-identity.ts";
