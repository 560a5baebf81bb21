import { Window } from "happy-dom";

/**
 * Gives React a document to render into. Only what React looks at becomes global: requests and sockets stay Node's own. To be imported
 * before `react-dom`.
 */
const window = new Window();

/** The document that React renders into. */
export const page = window.document as unknown as Document;

for (const [name, value] of Object.entries({
  window,
  document: page,
  navigator: window.navigator,
  addEventListener: window.addEventListener.bind(window),
  removeEventListener: window.removeEventListener.bind(window),
})) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
