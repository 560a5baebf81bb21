import { createSession } from "example-kit/web/session.tsx";
import type { Person } from "../../src/answers.ts";

export const { SessionProvider, useSession, usePerson } = createSession<Person>();
