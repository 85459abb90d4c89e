import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Deployment } from './fault.ts'

/** What the service keeps of a backup's last successes. */
export interface BackupRecord {
  readonly stored?: { readonly at: string }
  readonly restored?: { readonly at: string }
}

/** Reads it; empty when there was no success yet. */
export function readRecord(deployment: Deployment): BackupRecord {
  const path = recordOf(deployment)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** Writes it, in the file that is there. Where there is none, nothing was recorded. */
export async function writeRecord(deployment: Deployment, record: BackupRecord): Promise<void> {
  const path = recordOf(deployment)
  if (existsSync(path)) await writeFile(path, JSON.stringify(record))
}

function recordOf({ configPath }: Deployment): string {
  const { state }: { state: { path: string } } = parse(readFileSync(configPath, 'utf8'))
  return join(state.path, 'backup.json')
}
