import { usePresence } from "@livecache/client/react";
import { useSend } from "example-kit/web/live.ts";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { countOf, initials } from "example-kit/web/words.ts";
import { useState } from "react";
import type { Client, FreeMember } from "../../../src/answers.ts";
import { Card } from "../parts/card.tsx";
import { ClientCard } from "../parts/client-card.tsx";
import { ProfileForm } from "../parts/profile-form.tsx";
import { SessionForm } from "../parts/session-form.tsx";
import { StatTile } from "../parts/stat-tile.tsx";
import { useUnit } from "../preferences.tsx";
import { usePerson } from "../session.tsx";
import { Loaded } from "../sourced.tsx";
import type { Source } from "../sourced.tsx";
import { shortVolume } from "../words.ts";

type Open = "session" | "profile";

/** A trainer's dashboard: all clients at a glance, as they train. */
export function ClientsPage() {
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <PageHead title="Clients" note="Everybody you train. The figures move while they do.">
        <div className="head-actions">
          <button type="button" className="button" onClick={() => setOpen("profile")}>
            <Icon name="person" size={18} /> Profile
          </button>
          <button type="button" className="button button-main" onClick={() => setOpen("session")}>
            <Icon name="megaphone" size={18} /> Announce a session
          </button>
        </div>
      </PageHead>
      <Loaded<Client[]> path="/api/trainer/clients" what="Your clients" rows={4} height={110}>
        {(clients, source) => <Dashboard clients={clients} source={source} />}
      </Loaded>
      <Loaded<FreeMember[]> path="/api/trainer/free" what="Members without a trainer" height={60}>
        {(members) => members.length > 0 && <FreeMembers members={members} />}
      </Loaded>
      {open === "session" && <SessionForm onClose={close} />}
      {open === "profile" && <ProfileForm onClose={close} />}
    </>
  );
}

function Dashboard({ clients, source }: { clients: readonly Client[]; source: Source }) {
  const { userId } = usePerson();
  const unit = useUnit();
  const { users } = usePresence("group/:trainerId", { trainerId: userId });
  const isHere = (id: string): boolean => users.some((user) => user.userId === id);
  const total = (of: (client: Client) => number): number =>
    clients.reduce((sum, client) => sum + of(client), 0);
  const onTarget = clients.filter(({ weekWorkouts, weeklyTarget }) => weekWorkouts >= weeklyTarget).length;
  return (
    <div className="dashboard">
      <section className="tiles" aria-label="All clients this week">
        <StatTile
          kind="here"
          icon="people"
          label="Here now"
          value={clients.filter((client) => isHere(client.userId)).length}
          note={`of ${countOf(clients.length, "client")}`}
        />
        <StatTile
          kind="workouts"
          icon="dumbbell"
          label="Workouts this week"
          value={total(({ weekWorkouts }) => weekWorkouts)}
          note={`${total(({ weeklyTarget }) => weeklyTarget)} planned`}
        />
        <StatTile
          kind="volume"
          icon="chart"
          label="Volume this week"
          value={total(({ weekVolumeKg }) => weekVolumeKg)}
          format={(kg) => shortVolume(kg, unit)}
        />
        <StatTile
          kind="target"
          icon="target"
          label="Have met their week"
          value={onTarget}
          note={`of ${countOf(clients.length, "client")}`}
        />
      </section>
      <Card title="Your clients" className="card-wide" source={source}>
        {clients.length === 0 && <p className="card-empty">Nobody yet. Take on a member below.</p>}
        <ul className="clients">
          {clients.map((client) => (
            <li key={client.userId}>
              <ClientCard client={client} isHere={isHere(client.userId)} />
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}

function FreeMembers({ members }: { members: readonly FreeMember[] }) {
  const send = useSend();
  const toast = useToast();
  function take({ userId, name }: FreeMember): void {
    send("POST", "/api/trainer/clients", { memberId: userId }).then(
      () =>
        toast({
          title: "New client",
          body: `You train ${name} now.`,
          icon: "person",
          href: `/clients/${userId}`,
        }),
      (error: Error) => toast({ title: "That did not work", body: error.message, icon: "alert" }),
    );
  }
  return (
    <Card title="Looking for a trainer" className="card-free">
      <ul className="free">
        {members.map((member) => (
          <li key={member.userId}>
            <span className="avatar" aria-hidden="true">
              {initials(member.name)}
            </span>
            <p className="client-words">
              <strong>{member.name}</strong>
              <span>{member.about}</span>
            </p>
            <button
              type="button"
              className="button button-step"
              aria-label={`Take on ${member.name}`}
              onClick={() => take(member)}
            >
              <Icon name="plus" size={16} /> Take on
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
