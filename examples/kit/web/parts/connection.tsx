import { useConnection } from "@livecache/client/react";
import { useEffect, useState } from "react";
import { Icon } from "./icon.tsx";

/** A blip shorter than this is not worth a word. */
const PATIENCE_MS = 1_200;

type Standing = "live" | "connecting" | "offline";

/** Whether the page hears of changes, in words that wait out short interruptions. */
function useStanding(): Standing {
  const { status } = useConnection();
  const isOffline = status === "offline" || status === "closed";
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    setPatient(true);
    if (!isOffline) return undefined;
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isOffline]);
  if (status === "online") return "live";
  return isOffline && !patient ? "offline" : "connecting";
}

const BADGE_WORDS: Readonly<Record<Standing, string>> = {
  live: "Live",
  connecting: "Connecting…",
  offline: "Offline",
};

/** Says in the frame of the page whether it is up to date. */
export function ConnectionBadge() {
  const standing = useStanding();
  return (
    <p className={`badge badge-${standing}`} role="status">
      {BADGE_WORDS[standing]}
    </p>
  );
}

/** Says above the page what being offline means for the reader. */
export function OfflineBanner() {
  if (useStanding() !== "offline") return null;
  return (
    <p className="banner">
      <Icon name="alert" />
      <span>
        The server cannot be reached. You see what was last loaded; the page will catch up by itself as soon
        as the connection is back.
      </span>
    </p>
  );
}
