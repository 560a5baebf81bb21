import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** Somebody with an account. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  role: string;
}

interface Account {
  readonly person: Person;
  password: Promise<{ readonly salt: Buffer; readonly digest: Buffer }>;
}

const DEMO: readonly Person[] = [
  { userId: "ines", name: "Ines Moreau", email: "ines@demo.test", role: "admin" },
  { userId: "carlo", name: "Carlo Rossi", email: "carlo@demo.test", role: "inspector" },
  { userId: "hana", name: "Hana Sato", email: "hana@demo.test", role: "teacher" },
  { userId: "otto", name: "Otto Lind", email: "otto@demo.test", role: "student" },
];

/** The accounts of the application, in its memory. Everybody's first password is `demo`. */
export interface People {
  find(userId: string): Person | undefined;
  /** Who has this address and password. It takes as long for an address that nobody has. */
  signIn(email: string, password: string): Promise<Person | undefined>;
  byEmail(email: string): Person | undefined;
  setPassword(userId: string, password: string): Promise<void>;
  setRole(userId: string, role: string): void;
}

export function createPeople(): People {
  const accounts: readonly Account[] = DEMO.map((person) => ({
    person: { ...person },
    password: digestOf("demo"),
  }));
  const nobody = digestOf(randomBytes(16).toString("hex"));
  const byId = (userId: string): Account | undefined =>
    accounts.find(({ person }) => person.userId === userId);
  const byEmail = (email: string): Account | undefined =>
    accounts.find(({ person }) => person.email === email.trim());
  return {
    find: (userId) => byId(userId)?.person,
    byEmail: (email) => byEmail(email)?.person,
    async signIn(email, password) {
      const account = byEmail(email);
      const { salt, digest } = await (account?.password ?? nobody);
      const isRight = timingSafeEqual(digest, await derive(password, salt, 32));
      return isRight ? account?.person : undefined;
    },
    async setPassword(userId, password) {
      byId(userId)!.password = digestOf(password);
    },
    setRole(userId, role) {
      byId(userId)!.person.role = role;
    },
  };
}

async function digestOf(password: string) {
  const salt = randomBytes(16);
  return { salt, digest: await derive(password, salt, 32) };
}
