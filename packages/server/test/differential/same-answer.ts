/** What an answer may say that is never equal on two grounds, made comparable: names by the order in which they first appeared. */
export interface Namer {
  /** A copy in which positions, cursors, ids and leases are numbered, bytes are text, and times stand apart. */
  plain(answer: unknown): PlainAnswer;
}

/** An answer without what differs, and its times in milliseconds, in the order in which they stand in it. */
export interface PlainAnswer {
  readonly answer: unknown;
  readonly times: readonly number[];
}

/** Makes the namer of one ground. */
export function createNamer(): Namer {
  const numbers = new Map<string, number>();

  function numberOf(kind: string, name: string): string {
    const key = `${kind} ${name}`;
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return `${kind} ${numbers.get(key)}`;
  }

  function copy(value: unknown, times: number[], field = ""): unknown {
    if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
    if (value instanceof Map) return copy([...value].sort(), times);
    if (Array.isArray(value)) return copyList(value, times, field);
    if (typeof value === "number" && field.endsWith("Ms")) {
      times.push(value);
      return "ms";
    }
    if (typeof value === "string" && ["id", "lease", "next", "epoch"].includes(field)) {
      return numberOf(field, value);
    }
    if (typeof value !== "object" || value === null) return value;
    return copyFields(value as Record<string, unknown>, times);
  }

  function copyList(list: readonly unknown[], times: number[], field: string): unknown {
    const copies = list.map((one) => copy(one, times));
    // In which order the properties of a session are answered is promised nowhere.
    return field === "fields" ? copies.sort() : copies;
  }

  function copyFields(value: Record<string, unknown>, times: number[]): unknown {
    if (typeof value["seq"] === "number") {
      // The place of an empty log has no number of its own; those that follow grow.
      return `${numberOf("epoch", String(value["epoch"]))} ${value["seq"] === 0 ? "none" : numberOf("seq", String(value["seq"]))}`;
    }
    // Each channel may have an epoch of its own, or one with the log.
    if (typeof value["offset"] === "number") return `offset ${value["offset"]}`;
    const fields = Object.entries(value).filter(([, one]) => one !== undefined);
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(fields.map(([name, one]) => [name, copy(one, times, name)]));
  }

  return {
    plain(answer) {
      const times: number[] = [];
      return { answer: copy(answer, times), times };
    },
  };
}
