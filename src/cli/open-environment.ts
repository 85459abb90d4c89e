import { rm } from 'node:fs/promises'
import type { Environment, Handbook } from '../environments/index.ts'
import { connectLab, labEnvironment, startLab } from '../lab/index.ts'
import { findLabFolder } from './paths.ts'
import { resolveEnvironment } from './resolve-environment.ts'

/** What a lab of one's own is started with. */
export interface OwnLab {
  readonly directory: string
  readonly bundles: string
  readonly rules: string
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
  const known = name === undefined ? undefined : handbook.file.environments[name]
  if (name === undefined || !known?.lab || (await connectLab(findLabFolder(handbook.root)))) {
    return { environment: await resolveEnvironment(handbook, name), close: async () => undefined }
  }
  own.log('No lab is running: one comes up for this assessment')
  const lab = await startLab(own)
  const environment = labEnvironment(lab.status())
  return {
    environment: { ...environment, name, auto: known.auto ?? environment.auto },
    async close() {
      await lab.down({ now: true })
      await rm(own.directory, { recursive: true, force: true })
    },
  }
}
