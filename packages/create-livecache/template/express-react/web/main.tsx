import { createLiveClient } from "@livecache/client";
import { LiveProvider } from "@livecache/client/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./style.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <LiveProvider client={createLiveClient()}>
      <App />
    </LiveProvider>
  </StrictMode>,
);
