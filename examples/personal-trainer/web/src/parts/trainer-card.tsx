import { usePresence } from "@livecache/client/react";
import { initials } from "example-kit/web/words.ts";
import { Card } from "./card.tsx";

export interface TrainerCardProps {
  readonly trainer: { readonly id: string; readonly name: string } | undefined;
}

/** Who trains the reader, and whether they are here now. */
export function TrainerCard({ trainer }: TrainerCardProps) {
  return (
    <Card title="Your trainer" className="card-trainer">
      {trainer ? (
        <Here {...trainer} />
      ) : (
        <p className="card-empty">You have none yet. Trainers see you in their list and can take you on.</p>
      )}
    </Card>
  );
}

function Here({ id, name }: { id: string; name: string }) {
  const { users, status, isStale } = usePresence("group/:trainerId", { trainerId: id });
  const isHere = users.some(({ userId }) => userId === id);
  const others = users.filter(({ userId }) => userId !== id).length;
  return (
    <div className="trainer">
      <span className={isHere ? "avatar avatar-here" : "avatar"} aria-hidden="true">
        {initials(name)}
      </span>
      <p className="trainer-words">
        <strong>{name}</strong>
        <span role="status">
          {status === "loading" || isStale ? "…" : isHere ? "Here now" : "Not here now"}
        </span>
      </p>
      <p className="trainer-group">
        {others === 1 ? "You are the only one of the group here" : `${others} of the group are here`}
      </p>
    </div>
  );
}
