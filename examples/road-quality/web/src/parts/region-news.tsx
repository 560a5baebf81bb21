import { useChannel } from "@livecache/client/react";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { useRef, useState } from "react";
import type { Hazard } from "../../../src/contract.ts";
import { useDrive } from "../drive/drive.tsx";
import { usePerson } from "../session.tsx";
import { HAZARD_WORDS } from "../words.ts";

/**
 * Warns whoever drives of what others report in their region, and in those around it. The region before is listened to as well: while
 * the channel of the next one is being joined, nothing is missed.
 */
export function RegionNews() {
  const { cell } = useDrive();
  const { userId } = usePerson();
  const toast = useToast();
  const [cells, setCells] = useState<readonly string[]>([]);
  const told = useRef(new Set<number>());
  if (cell !== cells.at(-1)) setCells(cell === undefined ? [] : [...cells.slice(-1), cell]);

  function warn({ id, kind, street, note, reporter }: Hazard): void {
    if (reporter.id === userId || told.current.has(id)) return;
    told.current.add(id);
    toast({
      title: `${HAZARD_WORDS[kind]} ahead`,
      body: [street, note].filter(Boolean).join(": "),
      icon: "alert",
      href: `/?hazard=${id}`,
    });
  }
  return cells.map((one) => <NewsOf key={one} cell={one} onHazard={warn} />);
}

function NewsOf({ cell, onHazard }: { cell: string; onHazard: (hazard: Hazard) => void }) {
  useChannel("region/:cell", { cell }, { hazard_reported: onHazard });
  return null;
}
