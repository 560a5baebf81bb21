import { useChannel } from "@livecache/client/react";
import { usePerson } from "../session.tsx";
import { STATUS_WORDS } from "../words.ts";
import { useToast } from "example-kit/web/parts/toasts.tsx";

/** Shows a notice for what others do in a hostel. What one did oneself, one knows. */
export function HostelNews({ hostelId }: { hostelId: string }) {
  const { userId } = usePerson();
  const toast = useToast();
  useChannel(
    "hostel/:hostelId",
    { hostelId },
    {
      new_issue(issue) {
        if (issue.reporter.id === userId) return;
        toast({
          title: "New issue",
          body: `${issue.title} (${issue.place})`,
          icon: "plus",
          href: `/hostels/${hostelId}/issues?issue=${issue.id}`,
        });
      },
      issue_status_updated({ id, title, status, by }) {
        if (by.id === userId) return;
        toast({
          title: `${STATUS_WORDS[status]}: ${title}`,
          body: `By ${by.name}`,
          icon: status === "resolved" ? "check" : "tools",
          href: `/hostels/${hostelId}/issues?issue=${id}`,
        });
      },
      new_announcement(announcement) {
        if (announcement.author.id === userId) return;
        toast({
          title: announcement.title,
          body: announcement.body,
          icon: "megaphone",
          href: `/hostels/${hostelId}/announcements`,
        });
      },
    },
  );
  return null;
}
