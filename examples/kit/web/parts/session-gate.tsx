import { LiveProvider, useConnection } from "@livecache/client/react";
import type { LiveClient, LiveError } from "@livecache/client";
import { useEffect } from "react";
import type { ReactNode } from "react";
import { useApp } from "../app.tsx";
import { statusOf, useOwnLiveClient } from "../live.ts";
import type { Session } from "../session.tsx";
import { Skeleton, Trouble } from "./states.tsx";
import { ToastProvider } from "./toasts.tsx";

export interface SessionGateProps<Person> {
  readonly session: Session<Person>;
  readonly signInPage: ReactNode;
  /** Makes the live client of whoever is signed in; for applications whose clients do more than a plain one. */
  readonly makeClient?: () => LiveClient;
  /** The pages of whoever is signed in. */
  readonly children: (person: Person) => ReactNode;
}

/**
 * The sign-in page, or the pages of whoever is signed in, with a live client and toasts of their own. Says so while the server cannot be
 * reached. Who is signed out elsewhere, too, is asked to sign in.
 */
export function SessionGate<Person extends { readonly userId: string }>(props: SessionGateProps<Person>) {
  const { session, signInPage, children, ...client } = props;
  const { name } = useApp();
  const { state, person, reload } = session;
  if (state === "loading") return <Splash />;
  if (state === "unreachable") {
    return <SplashTrouble what={name} words="The server cannot be reached." onRetry={reload} />;
  }
  if (!person) return signInPage;
  return (
    <SignedIn key={person.userId} reload={reload} {...client}>
      {children(person)}
    </SignedIn>
  );
}

/** The whole page, while what it is to show is loaded. */
export function Splash() {
  return (
    <main className="splash" id="main">
      <Skeleton rows={3} height={72} />
    </main>
  );
}

/** The whole page, when what it was to show could not be loaded. */
export function SplashTrouble(props: Parameters<typeof Trouble>[0]) {
  return (
    <main className="splash" id="main">
      <Trouble {...props} />
    </main>
  );
}

interface SignedInProps {
  readonly reload: () => void;
  readonly makeClient?: () => LiveClient;
  readonly children: ReactNode;
}

/** One live client for each person: it opens its connection as that person. */
function SignedIn({ reload, makeClient, children }: SignedInProps) {
  const client = useOwnLiveClient(makeClient);
  if (!client) return <Splash />;
  return (
    <LiveProvider client={client}>
      <WatchForEnd onEnd={reload} />
      <ToastProvider>{children}</ToastProvider>
    </LiveProvider>
  );
}

/** Elsewhere, too: in another window, or everywhere. */
function WatchForEnd({ onEnd }: { onEnd: () => void }) {
  const connection = useConnection();
  const wasEnded = connection.status === "offline" && connection.code === "LIVE_IDENTITY_ENDED";
  useEffect(() => {
    if (wasEnded) onEnd();
  }, [wasEnded, onEnd]);
  return null;
}

/** Asks anew who is signed in when a live query was refused because nobody is. */
export function useReloadWhenSignedOut(error: LiveError | undefined, reload: () => void): void {
  const signedOut = error !== undefined && statusOf(error) === 401;
  useEffect(() => {
    if (signedOut) reload();
  }, [signedOut, reload]);
}
