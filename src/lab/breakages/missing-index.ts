import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Deployment, Fault } from '../kit/fault.ts'
import { query } from '../postgres/postgres.ts'

const INDEX = 'uploads_undelivered'

/** A migration that went wrong halfway, or a restore: the service works, and is slow when there are many uploads. */
export const missingIndex: Fault = {
  name: 'missing-index',
  title: 'An index is missing',
  summary: `The index ${INDEX} was dropped: what is asked every second reads the whole table`,
  kind: 'defect',
  async start(deployment) {
    const url = await readDatabaseUrl(deployment)
    const found = await query(url, `select indexdef from pg_indexes where indexname = '${INDEX}'`)
    await writeFile(notePath(deployment), String(found.rows[0]?.indexdef))
    await query(url, `drop index upload_bridge.${INDEX}`)
  },
  async stop(deployment) {
    const definition = readNote(deployment)
    if (definition === undefined) return
    await query(await readDatabaseUrl(deployment), definition.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'))
    await rm(notePath(deployment))
  },
  isActive: deployment => readNote(deployment) !== undefined,
}

async function readDatabaseUrl({ configPath }: Deployment): Promise<string> {
  return parse(await readFile(configPath, 'utf8')).database.url
}

function notePath({ notesPath }: Deployment): string {
  return join(notesPath, 'missing-index.sql')
}

function readNote(deployment: Deployment): string | undefined {
  try {
    return readFileSync(notePath(deployment), 'utf8')
  } catch {
    return undefined
  }
}
