import type { ReactNode } from "react";

/** A column: what stands in it, for each row. */
export interface Column<Row> {
  readonly title: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

/** A table; on a phone each row is a small card. The first column names the row. */
export function Table<Row>({
  label,
  rows,
  idOf,
  columns,
}: {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
}) {
  const [first, ...rest] = columns;
  return (
    <div className="table-box">
      <table className="stacks" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" className={isNumber ? "number" : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)}>
              <th scope="row">{first!.cell(row)}</th>
              {rest.map(({ title, isNumber, cell }) => (
                <td key={title} data-label={title} className={isNumber ? "number" : undefined}>
                  <span>{cell(row)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
