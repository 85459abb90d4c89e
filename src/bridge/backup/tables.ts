/** The tables whose rows a backup holds; the queue is made anew from them, and the schema by migrations. */
export const backedUpTables = ['uploads', 'circuit'] as const

/** One of them. */
export type TableName = (typeof backedUpTables)[number]

/** Where the rows of a table lie in a backup: an object a line, as PostgreSQL writes it. */
export function tableFile(name: string): string {
  return `tables/${name}.ndjson`
}
