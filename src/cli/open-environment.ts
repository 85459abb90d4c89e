import { rm } from 'node:fs/promises'
import type { Environment, Handbook } from '../environments/index.ts'
import { demandLab } from './demand-lab.ts'
import { findLabFolder } from './paths.ts'
import { openLabEnvironment, resolveEnvironment } from './resolve-environment.ts'

/** What a lab of one's own is started with. */
export interface OwnLab {
  readonly directory: string
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
  if (name === undefined || !known?.lab) {
    return { environment: await resolveEnvironment(handbook, name), close: async () => undefined }
  }
  const lab = await demandLab(handbook)
  if (await lab.status(findLabFolder(handbook.root))) {
    return { environment: await resolveEnvironment(handbook, name), close: async () => undefined }
  }
  const rules = await own.rules()
  own.log('No lab is running: one comes up for this assessment')
  const { directory } = own
  const close = async () => {
    await lab.down(directory, { now: true })
    await rm(directory, { recursive: true, force: true })
  }
  await lab.up({ ...own, rules })
  try {
    return { environment: await openLabEnvironment(lab, directory, name, known), close }
  } catch (error) {
    await close()
    throw error
  }
}
