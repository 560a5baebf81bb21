import { useApp } from "../app.tsx";
import { Icon } from "./icon.tsx";

/** The name of the application, with its mark. */
export function Brand() {
  const { name, mark } = useApp();
  return (
    <p className="brand">
      <span className="brand-mark">
        <Icon name={mark} />
      </span>
      {name}
    </p>
  );
}
