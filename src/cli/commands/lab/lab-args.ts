import { resolve } from 'node:path'
import type { Handbook } from '../../../environments/index.ts'
import type { Lab } from '../../../lab-port/index.ts'
import { demandLab, openHandbook, UsageError } from '../../../operate/index.ts'
import { findLabFolder } from '../../paths.ts'

/** What every `handbook lab` command takes. */
export const labArgs = {
  directory: {
    type: 'string',
    valueHint: 'folder',
    description: 'Where the lab lives; else .handbook/lab of this handbook',
  },
  json: { type: 'boolean', description: 'Print JSON for scripts' },
} as const

/** The lab of the handbook around here, and the folder that is meant. Throws a `UsageError` where there is none. */
export async function findLab(args: {
  readonly directory?: string | undefined
}): Promise<{ readonly handbook: Handbook; readonly lab: Lab; readonly directory: string }> {
  const cwd = process.cwd()
  const handbook = await openHandbook(cwd)
  if (!handbook) throw new UsageError('There is no handbook here', 'Go into the folder of a handbook.yaml')
  const directory = args.directory === undefined ? findLabFolder(handbook.root) : resolve(cwd, args.directory)
  return { handbook, lab: await demandLab(handbook), directory }
}
