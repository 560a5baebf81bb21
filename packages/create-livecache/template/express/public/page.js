import { createLiveClient } from "@livecache/client";

const client = createLiveClient();
const items = client.query("/api/items");

const find = (selector) => document.querySelector(selector);
const make = (tag, fields) => Object.assign(document.createElement(tag), fields);

async function send(method, path, body) {
  const alert = find("[role=alert]");
  try {
    const headers = { "content-type": "application/json" };
    const response = await client.fetch(path, { method, headers, body: body && JSON.stringify(body) });
    const problem = response.ok ? undefined : await response.json().catch(() => ({}));
    alert.textContent = problem ? (problem.detail ?? "That did not work.") : "";
  } catch {
    alert.textContent = "The server cannot be reached. Try again in a moment.";
  }
  alert.hidden = alert.textContent === "";
}

/** What is shown, by the id of the item: a row stays the same element, so that it keeps the focus. */
const rows = new Map();

function rowOf({ id, text, done }) {
  const row = rows.get(id) ?? newRow(id, text);
  row.className = done ? "done" : "";
  row.querySelector("input").checked = done;
  return row;
}

function newRow(id, text) {
  const tick = make("input", { type: "checkbox" });
  tick.addEventListener("change", () => send("PUT", `/api/items/${id}`, { done: tick.checked }));
  const remove = make("button", { type: "button", textContent: "×", ariaLabel: `Remove ${text}` });
  remove.addEventListener("click", () => send("DELETE", `/api/items/${id}`));
  const label = make("label", {});
  label.append(tick, make("span", { textContent: text }));
  const row = make("li", {});
  row.append(label, remove);
  rows.set(id, row);
  return row;
}

function show() {
  const { data, error } = items.getSnapshot();
  const left = data?.filter(({ done }) => !done).length;
  find("ul").replaceChildren(...(data ?? []).map(rowOf));
  find(".quiet").textContent = data
    ? data.length === 0
      ? "Nothing here yet. Add the first item."
      : left === 0
        ? "All done."
        : `${left} to do`
    : (error?.message ?? "Loading …");
}

find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const { text } = event.target.elements;
  if (text.value.trim() === "") return;
  void send("POST", "/api/items", { text: text.value });
  event.target.reset();
});

client.connection.subscribe(() => {
  const { status } = client.connection.getSnapshot();
  find(".connection").className = `connection ${status}`;
  find(".connection span").textContent = { online: "Live", connecting: "Connecting …" }[status] ?? "Offline";
});
items.subscribe(show); // from now on the list updates itself
