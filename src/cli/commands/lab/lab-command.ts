import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { makeVisible } from '../../../base/index.ts'
import type { Handbook } from '../../../environments/index.ts'
import { type Lab, LabError } from '../../../lab-port/index.ts'
import { demandLab, openHandbook, UsageError } from '../../../operate/index.ts'
import { findLabFolder } from '../../paths.ts'

/** What every `handbook lab` command takes. */
export const labArgs = {
  directory: {
    type: 'string',
    valueHint: 'folder',
    description: 'The folder of the lab; without it, .handbook/lab of this handbook',
  },
  json: { type: 'boolean', description: 'Data for scripts' },
} as const

/** The lab of the handbook around here, and the folder where it lives. Throws a `UsageError` where there is none. */
export async function findLab(args: {
  readonly directory?: string | undefined
}): Promise<{ readonly handbook: Handbook; readonly lab: Lab; readonly directory: string }> {
  const cwd = process.cwd()
  const handbook = await openHandbook(cwd)
  if (!handbook) throw new UsageError('There is no handbook here', 'Go into the folder of a handbook.yaml')
  const directory = args.directory === undefined ? findLabFolder(handbook.root) : resolve(cwd, args.directory)
  return { handbook, lab: await demandLab(handbook), directory }
}

/** Throws a `LabError` unless a lab runs in the folder. */
export async function demandRunning(lab: Lab, directory: string): Promise<void> {
  if (await lab.status(directory)) return
  throw addHint(new LabError('stopped', `no lab runs in ${directory}`), 'Start one: handbook lab up')
}

/** Does what a command does with a lab. A running lab may be older than this command and not know a fault: the error says so. */
export async function explainOldLab(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    // This command knows the fault, or it would not have asked.
    if (!(error instanceof LabError) || error.code !== 'unknown-fault') throw error
    throw addHint(
      new LabError(error.code, 'The lab that runs is older than this command: it does not know that fault', {
        cause: error,
      }),
      'Restart it: handbook lab down, handbook lab up',
    )
  }
}

function addHint(error: LabError, hint: string): LabError {
  return Object.assign(error, { hint })
}

/** Waits for work that takes a while; in a terminal, a line says what it is and for how long it has been going on. */
export async function showWait(what: string, work: Promise<void>): Promise<void> {
  if (!process.stderr.isTTY) return work
  const begun = performance.now()
  const show = () =>
    process.stderr.write(`\r${makeVisible(what)}, ${Math.round((performance.now() - begun) / 1000)} s …`)
  show()
  const timer = setInterval(show, 1000)
  try {
    await work
  } finally {
    clearInterval(timer)
    process.stderr.write('\n')
  }
}

/** The file in which a lab that was brought up in the background says what happens, if there is one. */
export function findDetachedLog(folder: string): string | undefined {
  const log = nameLog(folder)
  return existsSync(log) ? log : undefined
}

/** Where a lab that is brought up in the background says what happens: beside its folder, which has no files but the lab's own. */
export function nameLog(folder: string): string {
  return join(dirname(folder), `${basename(folder)}.log`)
}
