import type { HazardKind } from "./vocabulary.ts";

/** What people of the demonstration come across. */
export const DEMO_HAZARDS: readonly { readonly kind: HazardKind; readonly note: string }[] = [
  { kind: "pothole", note: "Deep one in the left lane, hidden by the shade." },
  { kind: "roadworks", note: "One lane closed until the weekend." },
  { kind: "debris", note: "Gravel all over the bend." },
  { kind: "pothole", note: "Two in a row before the crossing." },
  { kind: "flooding", note: "Water stands ankle deep after the rain." },
  { kind: "pothole", note: "Edge broken off, keep to the middle." },
  { kind: "debris", note: "A crate has fallen off a truck." },
  { kind: "roadworks", note: "Pipe is being laid, expect to wait." },
  { kind: "pothole", note: "New since this morning." },
  { kind: "flooding", note: "Drain blocked beside the market." },
];
