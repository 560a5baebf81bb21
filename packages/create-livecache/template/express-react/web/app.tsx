import { useConnection, useLive, useLiveClient } from "@livecache/client/react";
import { useState } from "react";
import type { Item } from "../store.ts";

export function App() {
  const { data: items, error } = useLive<Item[]>("/api/items"); // updates itself
  const [failure, setFailure] = useState<string>();
  const client = useLiveClient();
  const left = items?.filter(({ done }) => !done).length ?? 0;

  async function send(method: string, path: string, body?: object): Promise<void> {
    try {
      const headers = { "content-type": "application/json" };
      const response = await client.fetch(path, { method, headers, body: body && JSON.stringify(body) });
      const problem = response.ok ? undefined : await response.json().catch(() => ({}));
      setFailure(problem && (problem.detail ?? "That did not work."));
    } catch {
      setFailure("The server cannot be reached. Try again in a moment.");
    }
  }

  return (
    <main>
      <header>
        <h1>Shared list</h1>
        <Connection />
      </header>
      <AddItem add={(text) => send("POST", "/api/items", { text })} />
      {failure && <p role="alert">{failure}</p>}
      {!items && <p className="quiet">{error ? error.message : "Loading …"}</p>}
      {items?.length === 0 && <p className="quiet">Nothing here yet. Add the first item.</p>}
      <ul>
        {items?.map(({ id, text, done }) => (
          <li key={id} className={done ? "done" : ""}>
            <label>
              <input
                type="checkbox"
                checked={done}
                onChange={() => send("PUT", `/api/items/${id}`, { done: !done })}
              />
              <span>{text}</span>
            </label>
            <button
              type="button"
              aria-label={`Remove ${text}`}
              onClick={() => send("DELETE", `/api/items/${id}`)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {items && items.length > 0 && <p className="quiet">{left === 0 ? "All done." : `${left} to do`}</p>}
    </main>
  );
}

function AddItem({ add }: { add: (text: string) => Promise<void> }) {
  const [text, setText] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === "") return;
        void add(text);
        setText("");
      }}
    >
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="What is to be done?"
        aria-label="What is to be done?"
        maxLength={200}
      />
      <button>Add</button>
    </form>
  );
}

function Connection() {
  const { status } = useConnection();
  const words = { online: "Live", connecting: "Connecting …" }[status as string] ?? "Offline";
  return (
    <output className={`connection ${status}`}>
      <i aria-hidden="true" /> {words}
    </output>
  );
}
