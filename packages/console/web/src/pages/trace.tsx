import type { ChangeTrace } from "@livecache/wire";
import { useLook } from "../api/use-look.ts";
import { Icon } from "../parts/icon.tsx";
import type { IconName } from "../parts/icon.tsx";
import { Again, Card, Page } from "../parts/page.tsx";
import { Empty, Missing, Shown } from "../parts/states.tsx";
import { hrefTo } from "../route.ts";
import { counted, date, time } from "../words.ts";
import { modelOf, ownTags, placeOf, ticksOf } from "./trace-model.ts";
import type { Bar, Lane, StepName, TraceModel } from "./trace-model.ts";

const ICONS: Readonly<Record<StepName, IconName>> = {
  write: "write",
  apply: "log",
  drop: "drop",
  event: "channels",
  told: "feed",
  back: "screen",
  read: "read",
};

const EVERY_MS = 2_000;

/** What became of one change, from the write to the first fresh read. */
export function Trace({ changeId }: { readonly changeId: string }) {
  const look = useLook<ChangeTrace>(`trace?change=${encodeURIComponent(changeId)}`, EVERY_MS);
  const model = look.found && modelOf(look.found);
  return (
    <Page
      title={model ? titleOf(model) : "A change"}
      about={model && aboutOf(model)}
      back={{ href: hrefTo("changes"), title: "Changes" }}
      actions={<Again onAgain={look.again} isAsking={look.isAsking} />}
    >
      <Shown look={look}>
        {({ missing }) =>
          model ? (
            <>
              <Story model={model} />
              <Missing nodes={missing} />
              <Waterfall model={model} missing={missing} />
              <Details model={model} changeId={changeId} />
            </>
          ) : (
            <div className="card">
              <Empty icon="changes" title="No node remembers this change">
                <p>
                  Each remembers its last 1,000 changes, and forgets them when it is started anew. Its id is{" "}
                  <code>{changeId}</code>.
                </p>
              </Empty>
            </div>
          )
        }
      </Shown>
    </Page>
  );
}

function titleOf({ tags, tagCount }: TraceModel): string {
  const own = ownTags(tags);
  if (own.length === 0) return tagCount === 0 ? "Something was published" : "A change";
  const more = own.length > 2 ? ` and ${own.length - 2} more` : "";
  return `${own.slice(0, 2).join(", ")}${more} changed`;
}

function aboutOf({ startAtMs, scope, lanes }: TraceModel): string {
  const heard = `${counted(lanes.length, "node")} heard of it`;
  const waits = scope === "local" ? " It waits until the ground is back." : "";
  return `${date(startAtMs)} · ${heard}.${waits}`;
}

/** The steps in a row, each with the figure that says most. */
function Story({ model }: { readonly model: TraceModel }) {
  return (
    <ol className="story card" aria-label="What became of it">
      {model.steps.map(({ name, title, figure, words, isThere }) => (
        <li key={name} className={`step-${name}${isThere ? "" : " is-not"}`}>
          <span className="mark">
            <Icon name={ICONS[name]} size={17} />
          </span>
          <h2>{title}</h2>
          <strong>{figure}</strong>
          <p>{words}</p>
        </li>
      ))}
    </ol>
  );
}

/** Each node with what happened on it, on one axis of time. */
function Waterfall({ model, missing }: { readonly model: TraceModel; readonly missing: readonly string[] }) {
  const ticks = ticksOf(model.endMs);
  return (
    <Card
      title="Node by node"
      about="Time runs from left to right, since the write began. Its first milliseconds have as much room as the last seconds."
    >
      <div className="waterfall">
        <div className="axis" aria-hidden="true">
          {ticks.map((ms) => (
            <span key={ms} style={{ left: `${placeOf(ms, model.endMs) * 100}%` }}>
              {ms === 0 ? "0" : time(ms).replace(".0 ", " ")}
            </span>
          ))}
        </div>
        {model.lanes.map((lane) => (
          <LaneRows key={lane.node} lane={lane} endMs={model.endMs} ticks={ticks} />
        ))}
        {missing.map((node) => (
          <section key={node} className="lane is-missing" aria-label={`Node ${node}`}>
            <h3>
              <code>{node}</code> <span className="pill bad">did not answer</span>
            </h3>
          </section>
        ))}
      </div>
    </Card>
  );
}

function LaneRows({
  lane,
  endMs,
  ticks,
}: {
  readonly lane: Lane;
  readonly endMs: number;
  readonly ticks: readonly number[];
}) {
  const { node, isOrigin, lagMs, dropped, bars } = lane;
  return (
    <section className="lane" aria-label={`Node ${node}`}>
      <h3>
        <code>{node}</code>
        {isOrigin ? <span className="pill good">made it</span> : null}
        {!isOrigin && lagMs !== undefined ? <span className="pill">lag {time(lagMs)}</span> : null}
        {dropped > 0 && <span className="pill">{counted(dropped, "entry", "entries")} dropped</span>}
      </h3>
      <ol>
        {bars.map((bar, index) => (
          <BarRow key={`${bar.name} ${index}`} bar={bar} endMs={endMs} ticks={ticks} />
        ))}
      </ol>
    </section>
  );
}

/** What is shorter than this share of the axis is a moment. */
const SHORTEST = 0.006;

function BarRow({
  bar,
  endMs,
  ticks,
}: {
  readonly bar: Bar;
  readonly endMs: number;
  readonly ticks: readonly number[];
}) {
  const { name, title, fromMs, toMs, words } = bar;
  const [from, to] = [placeOf(fromMs, endMs), placeOf(toMs, endMs)];
  const isMoment = to - from < SHORTEST;
  const width = isMoment ? {} : { width: `${(to - from) * 100}%` };
  return (
    <li className={`row step-${name}`}>
      <span className="row-title">{title}</span>
      <span className="track" aria-hidden="true">
        {ticks.map((ms) => (
          <i key={ms} className="tick" style={{ left: `${placeOf(ms, endMs) * 100}%` }} />
        ))}
        <i className={isMoment ? "moment" : "stretch"} style={{ left: `${from * 100}%`, ...width }} />
      </span>
      <span className="row-words">{words}</span>
    </li>
  );
}

function Details({ model, changeId }: { readonly model: TraceModel; readonly changeId: string }) {
  const { tagCount, position, scope } = model;
  const tags = ownTags(model.tags);
  const more = tagCount - model.tags.length;
  return (
    <Card title="What it was">
      <dl className="facts">
        <dt>Tags</dt>
        <dd>
          {tags.length === 0 ? (
            "none: it only published events"
          ) : (
            <ul className="chips">
              {tags.map((tag) => (
                <li key={tag}>
                  <a className="chip mono" href={hrefTo("tags/tag", { tag })}>
                    {tag}
                  </a>
                </li>
              ))}
              {more > 0 && <li className="chip">and {more} more</li>}
            </ul>
          )}
        </dd>
        <dt>Position</dt>
        <dd>{position ? <code>{position}</code> : "none yet: it waits for the ground"}</dd>
        <dt>Reaches</dt>
        <dd>{scope === "local" ? "this node only, until the ground is back" : "every node"}</dd>
        <dt>Id</dt>
        <dd>
          <code>{changeId}</code>
        </dd>
        <dt>In a terminal</dt>
        <dd>
          <code>npx livecache trace {changeId}</code>
        </dd>
      </dl>
    </Card>
  );
}
