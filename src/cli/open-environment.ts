import { rm } from 'node:fs/promises'
import type { Environment, Handbook } from '../environments/index.ts'
import { connectLab, findMismatch, labEnvironment, startLab } from '../lab/index.ts'
import { demandLab } from './demand-lab.ts'
import { findLabFolder } from './paths.ts'
import { resolveEnvironment } from './resolve-environment.ts'

/** What a lab of one's own is started with. */
export interface OwnLab {
  readonly directory: string
  readonly bundles: string
  /** Finds the folder of the alert rules. */
  readonly rules: () => Promise<string>
  readonly timeScale: number
  readonly signal: AbortSignal
  readonly log: (line: string) => void
}

/**
 * The environment that was asked for, as `resolveEnvironment` has it; but when it is the practice deployment, asked for by name,
 * and none is running, one is started until `close`.
 */
export async function openEnvironment(
  handbook: Handbook,
  name: string | undefined,
  own: OwnLab,
): Promise<{ readonly environment: Environment; close(): Promise<void> }> {
  const known = Object.entries(handbook.file.environments).find(([known]) => known === name)?.[1]
  if (name === undefined || !known?.lab || (await connectLab(findLabFolder(handbook.root)))) {
    return { environment: await resolveEnvironment(handbook, name), close: async () => undefined }
  }
  demandLab(findMismatch(handbook.file))
  const rules = await own.rules()
  own.log('No lab is running: one comes up for this assessment')
  const lab = await startLab({ ...own, rules })
  const environment = labEnvironment(lab.status())
  return {
    environment: { ...environment, name, auto: known.auto ?? environment.auto },
    async close() {
      await lab.down({ now: true })
      await rm(own.directory, { recursive: true, force: true })
    },
  }
}
