import { createLiveClient } from "@livecache/client";

const list = document.querySelector("ul");
const form = document.querySelector("form");

function show(items) {
  list.replaceChildren(
    ...items.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ name: form.elements.name.value });
  await fetch("/api/items", { method: "POST", body, headers: { "content-type": "application/json" } });
  form.reset();
});

const items = createLiveClient().query("/api/items");
items.subscribe(() => show(items.getSnapshot().data ?? []));
