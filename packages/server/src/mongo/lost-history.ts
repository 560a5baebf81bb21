/**
 * Codes of errors after which a stream cannot go on where it was: its history is gone, its token is of another deployment, or what
 * follows is larger than a message may be. Source: `error_codes.yml` of the MongoDB server.
 */
const LOST: readonly unknown[] = [
  260, // InvalidResumeToken
  280, // ChangeStreamFatalError
  286, // ChangeStreamHistoryLost
  10_334, // BSONObjectTooLarge
  40_585, // resume token not found, in servers before 4.4
  50_811, // a token that cannot be read
];

/** Whether trying again from the same place would always fail. */
export function isHistoryLost(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (LOST.includes((error as { code?: unknown }).code)) return true;
  const labelled = error as { hasErrorLabel?: (label: string) => boolean };
  return labelled.hasErrorLabel?.("NonResumableChangeStreamError") === true;
}
