import { metrics, trace } from "@opentelemetry/api";
import type { Meter, Tracer } from "@opentelemetry/api";
import type { MeasuredLive } from "./measured-live.ts";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { openInstruments } from "./instruments.ts";
import { createWorkSpans, spanApplied } from "./work-spans.ts";

/** Options of {@link bridgeOpenTelemetry}. */
export interface BridgeOptions {
  /** Makes the spans. `false`: none. Default: the global provider's tracer `livecache`. */
  readonly tracer?: Tracer | false;
  /** Makes the instruments. `false`: none. Default: the global provider's meter `livecache`. */
  readonly meter?: Meter | false;
}

/** A node that is bridged. */
export interface OpenTelemetryBridge {
  /** Makes no more spans, and takes the instruments' callbacks away. Idempotent. The providers are the application's to shut down. */
  close(): void;
}

/**
 * Tells OpenTelemetry of the work of one node: a span for each load and each change, below the span that is active; one on each bridged node
 * that applies a traced change, in the same trace; and metrics. Answers from memory make no span. Names of spans and attributes have
 * patterns of keys in them, never keys, tags or users. Nothing is asked of the ground, so all of it works during an outage.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is none, and when the node is bridged already
 */
export function bridgeOpenTelemetry(live: MeasuredLive, options: BridgeOptions = {}): OpenTelemetryBridge {
  refuseUnknown("bridgeOpenTelemetry", options, ["tracer", "meter"]);
  const { tracer = trace.getTracer("livecache"), meter = metrics.getMeter("livecache") } = options;
  if (tracer !== false && typeof (tracer as Partial<Tracer> | null)?.startSpan !== "function") {
    throw invalidOption("bridgeOpenTelemetry: tracer", "a tracer of @opentelemetry/api, or false", tracer);
  }
  if (meter !== false && typeof (meter as Partial<Meter> | null)?.createHistogram !== "function") {
    throw invalidOption("bridgeOpenTelemetry: meter", "a meter of @opentelemetry/api, or false", meter);
  }
  const stops: (() => void)[] = [];
  if (tracer) {
    stops.push(live.door.tracing.use(createWorkSpans(tracer, live.node)));
    stops.push(live.door.signals.listen("applied", (record) => spanApplied(tracer, live.node, record)));
  }
  if (meter) stops.push(openInstruments(meter, live));
  return {
    close() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}
