import pc from 'picocolors'

/** A cell, and how it is painted. */
export interface Column {
  readonly text: string
  readonly paint?: (text: string) => string
}

/** Rows below a header, each column as wide as its widest cell. */
export function writeColumns(header: readonly string[], rows: readonly (readonly Column[])[]): string {
  const widths = header.map((name, index) => Math.max(name.length, ...rows.map(row => row[index]?.text.length ?? 0)))
  const lines = [header.map(text => ({ text, paint: pc.bold })), ...rows].map(row =>
    row
      .map(({ text, paint = same }, index) => paint(text) + ' '.repeat(Math.max(0, (widths[index] ?? 0) - text.length)))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

function same(text: string): string {
  return text
}
