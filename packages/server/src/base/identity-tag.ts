const START = "identity:";

/** The tag that moves when what is known of a user may have changed: roles, rights, a session that was ended. */
export function identityTag(userId: string): string {
  return START + userId;
}

/** The user whose identity a moved tag is about; `"*"` for everybody's, `undefined` for any other tag. */
export function userOfTag(tag: string): string | undefined {
  if (!tag.startsWith(START)) return undefined;
  const user = tag.slice(START.length);
  // Each tag is moved together with its subtree, which is no user of its own.
  return user.endsWith(":*") ? undefined : user;
}
