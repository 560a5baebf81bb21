import { useChannel } from "@livecache/client/react";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { countOf } from "example-kit/web/words.ts";
import { usePerson } from "../session.tsx";
import { BUS_WORDS } from "../words.ts";

/** Shows a notice for what others do at the school. What one did oneself, one knows. */
export function SchoolNews({ schoolId }: { schoolId: string }) {
  const { userId, role } = usePerson();
  const toast = useToast();
  useChannel(
    "school/:schoolId",
    { schoolId },
    {
      attendance_taken({ className, by, absent }) {
        if (by.id === userId || role !== "school_admin") return;
        const body = absent > 0 ? `${countOf(absent, "student")} absent` : "Nobody new is absent";
        toast({ title: `${by.name} took attendance of ${className}`, body, icon: "check" });
      },
      visitor_came({ name, sees }) {
        if (role === "staff") return;
        toast({ title: `${name} is here`, body: `To see ${sees}`, icon: "person" });
      },
      bus_changed({ name, state }) {
        if (role === "staff") return;
        toast({
          title: `${name}: ${BUS_WORDS[state].toLowerCase()}`,
          body: "The front desk noted it",
          icon: "clock",
        });
      },
    },
  );
  return null;
}
