import { AppProvider } from "example-kit/web/app.tsx";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { SessionProvider } from "./session.tsx";
import "example-kit/web/styles/tokens.css";
import "example-kit/web/styles/base.css";
import "example-kit/web/styles/controls.css";
import "example-kit/web/styles/shell.css";
import "example-kit/web/styles/sign-in.css";
import "example-kit/web/styles/notifications.css";
import "example-kit/web/styles/cards.css";
import "example-kit/web/styles/charts.css";
import "example-kit/web/styles/tables.css";
import "./styles/colours.css";
import "./styles/cards.css";
import "./styles/progress.css";
import "./styles/workouts.css";
import "./styles/clients.css";
import "./styles/speed.css";
import "example-kit/web/styles/overlays.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <AppProvider value={{ name: "Personal Trainer", mark: "dumbbell" }}>
      <SessionProvider>
        <App />
      </SessionProvider>
    </AppProvider>
  </StrictMode>,
);
