import { chartsOf } from "./charts.ts";
import type { QuestionResult, Results } from "./results.ts";
import { asMarkdown, tablesOf } from "./table.ts";

const INTRODUCTION = `# Benchmarks

This page and its charts are made by the run that measured them; a test holds them equal to the figures that were kept
(\`bench/results/*.json\`), so none of them can be older. Do not edit it.

\`\`\`
npm run bench -- cache            # everything, about twenty minutes; rewrites this page
npm run bench -- cache --quick    # Livecache, the raw floors and the two best peers, in under a minute
npm run bench -- realtime         # the same for sockets, about an hour
npm run bench -- realtime --quick
npm run bench -- security         # the same for sessions, tokens and limits, about a quarter of an hour
npm run bench -- security --quick
\`\`\`

## How to read it

- **One run.** All contestants of a table ran in turns, in another order each round, so what else the machine did hit all of them. A
  figure is the median of the rounds, with the smallest and largest in brackets. Compare within a table; on another machine all
  numbers differ, and the ratios much less.
- **Of floor** is the median, over the rounds, of a contestant's number divided by that of the floor in the same round. The floor is
  the row with × 1.00, or stands in the notes.
- **Each contestant is a process of its own**, with a Redis of its own on the same machine. It must answer the right values, and a round
  in which something else answered than what is measured is void. What has no figure says why.
- **In the charts** Livecache is green, a raw floor amber, everything else grey; the thin line is the spread of the rounds.
- **Peers** are set up as their own documentation recommends, one file for each: \`bench/src/subject/\`, \`bench/src/realtime/sites/\`.
`;

const REALTIME = `Every contestant has its own server processes, its own Redis, and clients in one process beside them: bare WebSockets that speak Engine.IO and
Socket.IO framing and count every delivery. Nothing else is between; all of it shares the machine's two cores, so latencies are those of
a busy machine. **raw ws** is the floor: bare \`ws\` and a PUBLISH. **livecache** has history, identities and limits on, as documented.
**socket.io (no Redis)** and **livecache (no Redis)** have one node. Contestants: \`bench/src/realtime/sites/\`.
`;

const SECURITY = `Every contestant has its own processes and its own Redis. **livecache** is set up as documented, with nothing left out: one file for each
contestant in \`bench/src/security/\`.
`;

const TITLES = { cache: "Cache", realtime: "Real time", security: "Sessions, tokens, limits" } as const;
const FOREWORDS: Partial<Record<Results["topic"], string>> = { realtime: REALTIME, security: SECURITY };

/** The page of what was measured, topic by topic. Equal results give an equal page. */
export function pageOf(topics: readonly Results[]): string {
  return [INTRODUCTION, ...topics.map(topicOf)].join("\n") + "\n";
}

function topicOf(results: Results): string {
  const { topic, machine, questions, seed } = results;
  const measured = `Measured on: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}, Redis ${machine.redis} on the same machine; seed ${seed}.`;
  const parts = questions.map((question) => section(question, results));
  const foreword = FOREWORDS[topic];
  return [`# ${TITLES[topic]}\n`, ...(foreword ? [foreword] : []), measured, ...parts].join("\n");
}

function section(question: QuestionResult, results: Results): string {
  const charts = chartsOf(results).filter((chart) => chart.question === question.name);
  const tables = tablesOf(question).map((table) => `### ${table.title}\n\n${asMarkdown(table)}`);
  return [
    `\n## ${question.question}`,
    ...charts.map(({ name, title }) => `![${title}](benchmarks/${name})`),
    `Measured ${question.date.slice(0, 16).replace("T", " ")} UTC; the load average was ${question.load} when the run began: above 0.5, something else was at work as well.`,
    ...question.notes,
    ...tables,
  ].join("\n\n");
}
