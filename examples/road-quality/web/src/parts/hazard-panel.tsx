import { useSend } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { useState } from "react";
import type { Hazard } from "../../../src/contract.ts";
import { HAZARD_WORDS } from "../words.ts";
import { SidePanel } from "./side-panel.tsx";

/** What is known of something that lies in the way. */
export function HazardPanel({ hazard, onClose }: { hazard: Hazard; onClose: () => void }) {
  const send = useSend();
  const toast = useToast();
  const [busy, setBusy] = useState(false);

  async function clear(): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      await send("DELETE", `/api/hazards/${hazard.id}`);
      toast({ title: "Thank you", body: `${HAZARD_WORDS[hazard.kind]} is off the map.`, icon: "check" });
      onClose();
    } catch (error) {
      toast({ title: "Not taken off", body: (error as Refusal).message, icon: "alert" });
      setBusy(false);
    }
  }

  return (
    <SidePanel title={HAZARD_WORDS[hazard.kind]} onClose={onClose}>
      {hazard.note && <p className="hazard-note">{hazard.note}</p>}
      <dl className="segment-facts">
        <dt>Where</dt>
        <dd>{hazard.street ?? "Beside the road"}</dd>
        <dt>Region</dt>
        <dd>
          <code>{hazard.cell}</code>
        </dd>
        <dt>Reported by</dt>
        <dd>{hazard.reporter.name}</dd>
        <dt>When</dt>
        <dd>
          <Ago moment={hazard.createdAt} />
        </dd>
      </dl>
      <button type="button" className="button" aria-disabled={busy} onClick={() => void clear()}>
        It is gone
      </button>
    </SidePanel>
  );
}
