import { resolve } from 'node:path'
import { findHandbookRoot } from '../../../handbook/index.ts'
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

/** The folder of the lab that is meant. */
export async function findLab(args: { readonly directory?: string | undefined }): Promise<string> {
  const cwd = process.cwd()
  if (args.directory !== undefined) return resolve(cwd, args.directory)
  return findLabFolder((await findHandbookRoot(cwd)) ?? cwd)
}
