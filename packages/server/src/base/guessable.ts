/** A random secret of 32 hexadecimal digits has fewer different ones about once in a million. */
const FEWEST_CHARACTERS = 8;

/** What stands in secrets that were meant to be replaced, without signs and in lower case. */
const PLACEHOLDERS = [
  ...["keyboardcat", "changeme", "changethis", "changeit", "replaceme", "replacethis", "replacewith"],
  ...["yoursecret", "yoursuper", "yoursession", "yourrandom", "mysecret", "mysupersecret", "supersecret"],
  ...["secretkey", "secretsecret", "sessionsecret", "topsecret", "verysecret", "placeholder"],
  ...["donotuse", "insecure", "notsosecret", "developmentonly", "foobar", "password"],
  ...["examplesecret", "defaultsecret", "testsecret", "devsecret", "0123456789", "abcdefghij"],
];

/** Why anybody could guess a secret: a text from manuals, or a few characters over and over. `undefined`: neither. Does not show it. */
export function whyGuessable(secret: string): string | undefined {
  const plain = secret.toLowerCase().replace(/[^a-z0-9]/g, "");
  const placeholder = PLACEHOLDERS.find((text) => plain.includes(text));
  if (placeholder !== undefined)
    return `one contains "${placeholder}", as texts do that are meant to be replaced`;
  if (new Set(secret).size >= FEWEST_CHARACTERS) return undefined;
  return `one has fewer than ${FEWEST_CHARACTERS} different characters`;
}
