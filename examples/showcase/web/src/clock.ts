const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The time of day, "14:03:21". */
export function clock(at: number): string {
  return format.format(at);
}
