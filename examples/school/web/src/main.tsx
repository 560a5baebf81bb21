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
import "example-kit/web/styles/progress.css";
import "example-kit/web/styles/tables.css";
import "example-kit/web/styles/warming.css";
import "./styles/colours.css";
import "./styles/board.css";
import "./styles/class.css";
import "./styles/thread.css";
import "example-kit/web/styles/overlays.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <AppProvider value={{ name: "School Day", mark: "clock" }}>
      <SessionProvider>
        <App />
      </SessionProvider>
    </AppProvider>
  </StrictMode>,
);
