import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool, PoolClient } from 'pg'
import { z } from 'zod'
import { inTransaction } from '../database/pool.ts'
import { isUploadId } from '../storage/layout.ts'
import type { BackedUpFile, Manifest } from './manifest.ts'

/** The exported data of one moment. */
interface ExportedRows {
  readonly createdAt: Date
  readonly migrations: readonly string[]
  readonly tables: Manifest['tables']
  readonly files: readonly BackedUpFile[]
}

/** Writes the rows of every table as of one moment into files. */
export async function exportRows(pool: Pool, folder: string): Promise<ExportedRows> {
  return inTransaction(pool, async client => {
    await client.query('set transaction isolation level repeatable read, read only')
    await client.query(`set local timezone = 'UTC'`)
    const moment = await client.query<{ now: Date }>('select now()')
    const applied = await client.query<{ name: string }>('select name from upload_bridge.migrations order by name')
    const tables: Manifest['tables'] = []
    const files: BackedUpFile[] = []
    for (const name of backedUpTables) {
      const { rows, sha256 } = await exportTable(client, name, join(folder, tableFile(name)))
      tables.push({ name, columns: await listColumns(client, name), rows })
      files.push({ path: tableFile(name), sha256 })
    }
    const createdAt = moment.rows[0]?.now ?? new Date()
    return { createdAt, migrations: applied.rows.map(row => row.name), tables, files }
  })
}

async function listColumns(client: PoolClient, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select column_name as name from information_schema.columns
      where table_schema = 'upload_bridge' and table_name = $1 order by ordinal_position`,
    [table],
  )
  return rows.map(row => row.name)
}

// Rows stay the text from PostgreSQL, so that no number or time is converted.
async function exportTable(client: PoolClient, table: string, path: string): Promise<{ rows: number; sha256: string }> {
  await client.query(
    `declare exported no scroll cursor for
      select to_jsonb(each)::text as line from upload_bridge.${table} as each order by to_jsonb(each)::text collate "C"`,
  )
  const file = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  let count = 0
  try {
    for (;;) {
      const { rows } = await client.query<{ line: string }>('fetch 1000 from exported')
      if (rows.length === 0) break
      const text = rows.map(row => `${row.line}\n`).join('')
      await file.write(text)
      hash.update(text)
      count += rows.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  await client.query('close exported')
  return { rows: count, sha256: hash.digest('hex') }
}

const schema = z.object({
  id: z.string().refine(isUploadId),
  size: z.number(),
  sha256: z.string(),
  state: z.enum(['pending', 'delivered', 'held']),
  bytes_removed_at: z.string().nullable(),
})

/** The facts of an upload that a backup needs. */
export type UploadInBackup = Readonly<z.infer<typeof schema>>

/** The lines of a table in a backup, in batches. Each line is one object, not parsed. */
export async function* readRows(folder: string, table: string): AsyncGenerator<readonly string[]> {
  let batch: string[] = []
  for await (const line of readLines(join(folder, tableFile(table)))) {
    batch.push(line)
    if (batch.length < 500) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The uploads of a backup, one after the other. */
export async function* readUploads(folder: string): AsyncGenerator<UploadInBackup> {
  for await (const lines of readRows(folder, 'uploads')) {
    for (const line of lines) yield schema.parse(JSON.parse(line))
  }
}

// node:readline also ends a line at U+2028, which may stand in an error message.
async function* readLines(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

/** The tables in a backup. The queue is rebuilt from their rows, and the schema by migrations. */
const backedUpTables = ['uploads', 'circuit'] as const

/** The file of a table's rows in a backup: one JSON object per line, as PostgreSQL writes it. */
function tableFile(name: string): string {
  return `tables/${name}.ndjson`
}
