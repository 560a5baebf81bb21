import { usePresence } from "@livecache/client/react";
import { initials } from "example-kit/web/words.ts";
import { useNames } from "../people.ts";
import { usePerson } from "../session.tsx";
import { listWords } from "../words.ts";

/** A channel whose members see each other. */
export type Room =
  | { readonly pattern: "audit-room"; readonly params: Record<never, never> }
  | { readonly pattern: "audit/:auditId"; readonly params: { readonly auditId: number } };

/** Most faces; how many more there are is written out. */
const MOST = 5;

/** Who else has this page open. The page is in the room as long as this is shown. */
export function WhoIsHere({ room }: { room: Room }) {
  const { users } = usePresence(room.pattern, room.params as never);
  const { userId } = usePerson();
  const nameOf = useNames();
  const others = users.filter((user) => user.userId !== userId).map((user) => nameOf(user.userId));
  const shown = others.slice(0, MOST);
  return (
    <p className="here" role="status">
      {others.length > 0 && (
        <>
          <span className="here-faces" aria-hidden="true">
            {shown.map((name) => (
              <span key={name} className="avatar" title={name}>
                {initials(name)}
              </span>
            ))}
          </span>
          {listWords(shown, others.length - shown.length)} {others.length === 1 ? "is" : "are"} looking, too
        </>
      )}
    </p>
  );
}
