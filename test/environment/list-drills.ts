import { readFile } from 'node:fs/promises'
import { readHandbook } from '../../src/handbook/index.ts'
import { nameProof } from '../../src/journal/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'

/** A drill that a page of this handbook asks for. */
export interface ListedDrill {
  readonly id: string
  readonly fault: string
  /** The alert that it waits for. */
  readonly alert: string
  /** The step of Diagnose at which it escalates; without it, it heals. */
  readonly escalates?: string
}

/** Every drill of this handbook's pages, by their ids in order. */
export async function listDrills(): Promise<readonly ListedDrill[]> {
  const result = await readHandbook('.')
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  const pages = await Promise.all(
    result.handbook.pages.map(async path => parseProcedure(await readFile(path, 'utf8'), path)),
  )
  return pages
    .flatMap(({ id, alerts, drills }) =>
      drills.map(drill => ({
        id: nameProof(id, drill),
        fault: drill.fault,
        alert: drill.alert ?? alerts[0] ?? '',
        ...(drill.escalates === undefined ? {} : { escalates: drill.escalates }),
      })),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
