import { SpanKind, SpanStatusCode, context, trace } from "@opentelemetry/api";
import type { Span, Tracer } from "@opentelemetry/api";
import { redactText } from "../base/redact.ts";
import type { SignalKinds } from "../base/signals.ts";
import type { WorkTracer } from "../base/tracing.ts";
import { contextOf, traceparentOf } from "./traceparent.ts";

/** Makes spans of loads and changes, below whatever span is active where they are asked for. */
export function createWorkSpans(tracer: Tracer, node: string): WorkTracer {
  return {
    load({ pattern, isBackground }, work) {
      const attributes = {
        "livecache.node": node,
        "livecache.key.pattern": pattern,
        "livecache.load.background": isBackground,
      };
      const span = tracer.startSpan(`livecache.load ${pattern}`, { kind: SpanKind.INTERNAL, attributes });
      return ended(span, () => context.with(trace.setSpan(context.active(), span), work));
    },
    change({ changeId, tags, events }, work) {
      const attributes = {
        "livecache.node": node,
        "livecache.change.id": changeId,
        "livecache.change.tags": tags,
        "livecache.change.events": events,
      };
      const span = tracer.startSpan("livecache.change", { kind: SpanKind.PRODUCER, attributes });
      return ended(span, async () => {
        const result = await work(traceparentOf(span.spanContext()));
        span.setAttribute("livecache.change.scope", result.scope);
        return result;
      });
    },
  };
}

/** Makes the span of a record that was applied here. A change that nobody traced begins no trace. */
export function spanApplied(tracer: Tracer, node: string, record: SignalKinds["applied"]): void {
  const parent = contextOf(record.trace);
  if (!parent) return;
  const attributes = {
    "livecache.node": node,
    "livecache.change.id": record.changeId,
    "livecache.change.origin": record.origin,
    "livecache.change.position": record.position.seq,
    "livecache.change.tags": record.tags.length,
    "livecache.change.channels": record.channels.length,
  };
  tracer.startSpan("livecache.apply", { kind: SpanKind.CONSUMER, attributes }, parent).end();
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = redactText(error instanceof Error ? error.message : String(error));
    const name = error instanceof Error ? error.name : typeof error;
    span.recordException({ name, message });
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}
