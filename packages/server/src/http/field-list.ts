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

/** `Vary` (RFC 9110 section 12.5.5) with further header names; `*` swallows all of them. */
export function addToVary(headers: Headers, names: readonly string[]): string {
  const present = fieldMembers(headers, "vary");
  if (present.includes("*")) return "*";
  const missing = names.filter((name) => !present.includes(name.toLowerCase()));
  return [fieldValue(headers, "vary"), ...missing].filter((part) => part !== "").join(", ");
}
