import type { Histogram } from "./histogram.ts";

/** Labels of one sample. */
export type Labels = Readonly<Record<string, string>>;

/** Writes metrics in the text format of Prometheus (version 0.0.4). */
export interface Exposition {
  counter(name: string, help: string, samples: readonly (readonly [Labels, number])[]): void;
  gauge(name: string, help: string, value: number): void;
  /** What something is called, as labels of a gauge that is always 1. */
  info(name: string, help: string, labels: Labels): void;
  histogram(name: string, help: string, histogram: Histogram): void;
  text(): string;
}

/** Makes an empty page. */
export function createExposition(): Exposition {
  const lines: string[] = [];
  function head(name: string, help: string, type: string): void {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  }
  return {
    counter(name, help, samples) {
      head(name, help, "counter");
      for (const [labels, value] of samples) lines.push(`${name}${labelled(labels)} ${value}`);
    },
    gauge(name, help, value) {
      head(name, help, "gauge");
      lines.push(`${name} ${formatted(value)}`);
    },
    info(name, help, labels) {
      head(name, help, "gauge");
      lines.push(`${name}${labelled(labels)} 1`);
    },
    histogram(name, help, histogram) {
      head(name, help, "histogram");
      const { buckets, sum } = histogram.read();
      for (const [le, count] of buckets) lines.push(`${name}_bucket{le="${le}"} ${count}`);
      lines.push(`${name}_sum ${sum}`, `${name}_count ${buckets.at(-1)![1]}`);
    },
    text: () => `${lines.join("\n")}\n`,
  };
}

function labelled(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function formatted(value: number): string {
  return value === Number.POSITIVE_INFINITY ? "+Inf" : String(value);
}
