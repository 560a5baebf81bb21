import { useId } from "react";

export interface StepperProps {
  readonly label: string;
  readonly value: number;
  readonly range: readonly [least: number, most: number];
  readonly step?: number;
  readonly onChange: (value: number) => void;
}

/** A number with a button on each side: thumbs are large, and gyms are warm. */
export function Stepper({ label, value, range: [least, most], step = 1, onChange }: StepperProps) {
  const id = useId();
  const set = (next: number): void => onChange(Math.min(most, Math.max(least, Math.round(next * 100) / 100)));
  return (
    <div className="stepper">
      <label htmlFor={id}>{label}</label>
      <div className="stepper-row">
        <button
          type="button"
          aria-label={`${label}: less`}
          disabled={value <= least}
          onClick={() => set((value || 0) - step)}
        >
          −
        </button>
        <input
          id={id}
          type="number"
          inputMode="decimal"
          min={least}
          max={most}
          step="any"
          required
          value={Number.isNaN(value) ? "" : value}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
        <button
          type="button"
          aria-label={`${label}: more`}
          disabled={value >= most}
          onClick={() => set((value || 0) + step)}
        >
          +
        </button>
      </div>
    </div>
  );
}
