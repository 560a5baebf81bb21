import { Icon } from "./icon.tsx";

/** The name of the application, with its mark. */
export function Brand() {
  return (
    <p className="brand">
      <span className="brand-mark">
        <Icon name="house" />
      </span>
      Hostel Desk
    </p>
  );
}
