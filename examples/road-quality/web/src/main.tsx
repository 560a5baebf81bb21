import { AppProvider } from "example-kit/web/app.tsx";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createCity } from "../../src/city/city.ts";
import { App } from "./app.tsx";
import { CityProvider } from "./city.tsx";
import { SessionProvider } from "./session.tsx";
import "leaflet/dist/leaflet.css";
import "example-kit/web/styles/tokens.css";
import "example-kit/web/styles/base.css";
import "example-kit/web/styles/controls.css";
import "example-kit/web/styles/shell.css";
import "example-kit/web/styles/sign-in.css";
import "example-kit/web/styles/overlays.css";
import "./styles/palette.css";
import "./styles/map.css";
import "./styles/panels.css";
import "./styles/lists.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <AppProvider value={{ name: "Road Watch", mark: "road" }}>
      <CityProvider value={createCity()}>
        <SessionProvider>
          <App />
        </SessionProvider>
      </CityProvider>
    </AppProvider>
  </StrictMode>,
);
