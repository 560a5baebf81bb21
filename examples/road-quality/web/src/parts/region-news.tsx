import { useChannel } from "@livecache/client/react";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { useDrive } from "../drive/drive.tsx";
import { usePerson } from "../session.tsx";
import { HAZARD_WORDS } from "../words.ts";

/** Warns whoever drives of what others report in their region, and in those around it. */
export function RegionNews() {
  const { cell } = useDrive();
  const { userId } = usePerson();
  const toast = useToast();
  useChannel("region/:cell", cell === undefined ? null : { cell }, {
    hazard_reported({ id, kind, street, note, reporter }) {
      if (reporter.id === userId) return;
      toast({
        title: `${HAZARD_WORDS[kind]} ahead`,
        body: [street, note].filter(Boolean).join(": "),
        icon: "alert",
        href: `/?hazard=${id}`,
      });
    },
  });
  return null;
}
