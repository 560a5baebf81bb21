/** Those who want to hear of one thing. One who throws does not keep the others from hearing. */
export class Audience<Member> {
  readonly #seats = new Set<{ readonly member: Member }>();

  get size(): number {
    return this.#seats.size;
  }

  /** Answers what removes the member, and then whether it was still there. Each addition of the same member counts for itself. */
  add(member: Member): () => boolean {
    const seat = { member };
    this.#seats.add(seat);
    return () => this.#seats.delete(seat);
  }

  /** Tells everyone who is there now, in the order of their coming, except those who are removed meanwhile. */
  tell(call: (member: Member) => void): void {
    for (const seat of [...this.#seats]) {
      if (!this.#seats.has(seat)) continue;
      try {
        call(seat.member);
      } catch (error) {
        report(error);
      }
    }
  }
}

/** Shows an error that nobody handles, without ending a Node process. */
export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  // oxlint-disable-next-line no-console -- Node has no other place for an error that must not end the process.
  else console.error(error);
}
