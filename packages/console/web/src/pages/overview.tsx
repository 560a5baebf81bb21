import type { FeedReport, NodesReport } from "@livecache/wire";
import { healthOf } from "../api/health.ts";
import type { Advice, Health } from "../api/health.ts";
import { useNodes } from "../api/nodes.tsx";
import { hitShareOf, levelOf, rateOf } from "../api/samples.ts";
import type { Sample, SamplePoint } from "../api/samples.ts";
import { useLook } from "../api/use-look.ts";
import { FeedLines } from "../parts/feed-lines.tsx";
import { Icon } from "../parts/icon.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Prose } from "../parts/prose.tsx";
import { Sparkline } from "../parts/sparkline.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { hrefTo } from "../route.ts";
import { bytes, percent, rate, short } from "../words.ts";

/** How everything is, in one sentence, and what to do about it. */
export function Overview() {
  const { look, samples } = useNodes();
  return (
    <Page title="Overview">
      <Shown look={look}>
        {(report) => (
          <>
            <HealthCard health={healthOf(report)} />
            <Figures report={report} samples={samples} />
          </>
        )}
      </Shown>
      <Latest />
    </Page>
  );
}

const ICONS = { good: "good", warn: "warn", bad: "bad" } as const;
const LEVELS = { good: "Good", warn: "Look at this", bad: "Something is wrong" } as const;

function HealthCard({ health }: { readonly health: Health }) {
  const { level, sentence, advice } = health;
  return (
    <section className="grid" aria-label="Health">
      <div className={`card health ${level}`}>
        <span className="light">
          <Icon name={ICONS[level]} size={24} />
        </span>
        <p className="sentence" role="status">
          <span className="visually-hidden">{LEVELS[level]}: </span>
          {sentence}
        </p>
      </div>
      {advice.length > 0 && (
        <ul className="advices">
          {advice.map((one) => (
            <AdviceItem key={one.what} advice={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Something that should be otherwise, and what to do. */
export function AdviceItem({ advice }: { readonly advice: Advice }) {
  const { level, what, why, fix } = advice;
  return (
    <li className={`advice ${level}`}>
      <h2>
        <Prose text={what} />
      </h2>
      <p>
        <Prose text={why} />
      </p>
      <p>
        <strong>Fix:</strong> <Prose text={fix} />
      </p>
    </li>
  );
}

function Figures({ report, samples }: { readonly report: NodesReport; readonly samples: readonly Sample[] }) {
  const { nodes } = report;
  const near = nodes.reduce(
    (all, { cache }) => ({ entries: all.entries + cache.near.entries, bytes: all.bytes + cache.near.bytes }),
    { entries: 0, bytes: 0 },
  );
  const [hits, misses] = [total(nodes, "hits"), total(nodes, "misses")];
  const sockets = nodes.reduce((sum, { live }) => sum + live.connections, 0);
  const watches = nodes.reduce((sum, { live }) => sum + live.watches, 0);
  const reads = rateOf(samples, ["hits", "misses"]);
  const loads = rateOf(samples, ["misses"]);
  const failed = rateOf(samples, ["errors"]);
  const errors = total(nodes, "errors");
  return (
    <section className="figures" aria-label="Key figures">
      <Figure
        title="Reads a second"
        value={lastOf(reads, rate)}
        line={reads}
        say={rate}
        note="over all nodes"
        colour="--accent"
      />
      <Figure
        title="Answered without a load"
        value={hits + misses === 0 ? "–" : percent(hits / (hits + misses))}
        line={hitShareOf(samples)}
        say={percent}
        note="since the nodes started"
        colour="--good-mark"
      />
      <Figure
        title="Loads a second"
        value={lastOf(loads, rate)}
        line={loads}
        say={rate}
        note="of the application's own"
        colour="--step-event"
      />
      <Figure
        title="Failed loads a second"
        value={lastOf(failed, rate)}
        line={failed}
        say={rate}
        note={`${short(errors)} since the nodes started`}
        colour="--bad-mark"
      />
      <Figure
        title="Entries in memory"
        value={short(near.entries)}
        line={levelOf(samples, "entries")}
        say={short}
        note={bytes(near.bytes)}
        colour="--step-log"
      />
      <Figure
        title="Sockets"
        value={short(sockets)}
        line={levelOf(samples, "connections")}
        say={short}
        note={`${short(watches)} watched responses`}
        colour="--step-apply"
      />
    </section>
  );
}

function Figure({
  title,
  value,
  line,
  say,
  note,
  colour,
}: {
  readonly title: string;
  readonly value: string;
  readonly line: readonly SamplePoint[];
  readonly say: (value: number) => string;
  readonly note: string;
  readonly colour: string;
}) {
  return (
    <div className="card figure">
      <h2>{title}</h2>
      <strong>{value}</strong>
      <p>{note}</p>
      <Sparkline label={title} points={line} say={say} colour={colour} />
    </div>
  );
}

function total(nodes: NodesReport["nodes"], name: "hits" | "misses" | "errors"): number {
  return nodes.reduce((sum, { cache }) => sum + cache[name], 0);
}

function lastOf(points: readonly SamplePoint[], say: (value: number) => string): string {
  const last = points.at(-1);
  return last ? say(last.value) : "–";
}

function Latest() {
  const look = useLook<FeedReport>("feed?limit=12&kinds=change,ground,limit,refusal,act,session", 4_000);
  return (
    <Card title="Lately" aside={<a href={hrefTo("feed")}>All events</a>} flush>
      <Shown look={look}>
        {({ lines }) =>
          lines.length === 0 ? (
            <Empty icon="feed" title="Nothing has happened yet">
              <p>Changes, sessions, limits and what operators do will stand here.</p>
            </Empty>
          ) : (
            <FeedLines lines={[...lines].reverse().slice(0, 12)} />
          )
        }
      </Shown>
    </Card>
  );
}
