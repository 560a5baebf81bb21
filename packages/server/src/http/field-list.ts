/** Headers by lower-case name, as Node and web frameworks hand them over. */
export type Headers = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** A header's value as one line of text; repeated fields are joined as RFC 9110 section 5.3 says. */
export function fieldValue(headers: Headers, name: string): string {
  const value = headers[name];
  if (value === undefined) return "";
  return typeof value === "object" ? value.join(", ") : String(value);
}

/** The members of a comma-separated list of tokens, such as `Vary` or `Cache-Control`, in lower case. */
export function fieldMembers(headers: Headers, name: string): readonly string[] {
  return fieldValue(headers, name)
    .toLowerCase()
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
}
