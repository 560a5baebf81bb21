import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "example-kit/web/styles/tokens.css";
import "./styles/look.css";
import "example-kit/web/styles/base.css";
import "example-kit/web/styles/controls.css";
import "./styles/landing.css";
import "./styles/exhibits.css";
import "./styles/stage.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
