/** A column of a table for people. */
export interface TableColumn<Row> {
  readonly title: string
  readonly value: (row: Row) => string
  readonly alignRight?: boolean
  /** Shortened when the table would be too wide. */
  readonly flexible?: boolean
}

/** Formats rows as columns, at most as wide as the terminal. */
export function renderTable<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[], width: number): string {
  const cells = [columns.map(column => column.title), ...rows.map(row => columns.map(column => column.value(row)))]
  const widths = columns.map((_column, index) => Math.max(...cells.map(line => line[index]?.length ?? 0)))
  const excess = widths.reduce((sum, each) => sum + each, 0) + 2 * (columns.length - 1) - width
  const flexible = columns.findLastIndex(column => column.flexible)
  const fitted = widths.map((each, index) => (index === flexible && excess > 0 ? Math.max(6, each - excess) : each))
  return cells.map(line => layOut(columns, line, fitted)).join('')
}

function layOut<Row>(columns: readonly TableColumn<Row>[], line: readonly string[], widths: readonly number[]): string {
  const padded = columns.map((column, index) => {
    const cellWidth = widths[index] ?? 0
    const text = shorten(line[index] ?? '', cellWidth)
    return column.alignRight ? text.padStart(cellWidth) : text.padEnd(cellWidth)
  })
  return `${padded.join('  ').trimEnd()}\n`
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

/** Formats rows for the caller: one line of JSON for scripts, or a table for people. */
export function renderList<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  { json, width }: { readonly json: boolean | undefined; readonly width: number },
): string {
  return json ? `${JSON.stringify(rows)}\n` : renderTable(columns, rows, width)
}
