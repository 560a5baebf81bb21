import type { Guest } from "./guest.ts";

/** Sockets by a name that several may share. Most names have one socket, which stands by itself: a set would cost more than all else that is known of it. */
export class GuestGroups {
  readonly #guests = new Map<string, Guest | Set<Guest>>();

  add(name: string, guest: Guest): void {
    const known = this.#guests.get(name);
    if (known === undefined) this.#guests.set(name, guest);
    else if (known instanceof Set) known.add(guest);
    else if (known !== guest) this.#guests.set(name, new Set([known, guest]));
  }

  remove(name: string, guest: Guest): void {
    const known = this.#guests.get(name);
    if (known === guest) this.#guests.delete(name);
    else if (known instanceof Set && known.delete(guest) && known.size === 0) this.#guests.delete(name);
  }

  of(name: string): readonly Guest[] {
    const known = this.#guests.get(name);
    if (known === undefined) return [];
    return known instanceof Set ? [...known] : [known];
  }

  get size(): number {
    return this.#guests.size;
  }
}
