import { unwatchFile, watchFile } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { z } from 'zod'
import { isMissing } from '../storage/error-code.ts'
import { writeFileAtomically } from '../storage/replace-file.ts'

/** The programs of which profiles can be taken. */
export const profiledPrograms = ['api', 'worker'] as const

/** One of the names above. */
export type ProfiledProgram = (typeof profiledPrograms)[number]

/** A request for a profile of a running program. It is never answered over the network. */
const profileRequestSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['cpu', 'memory']),
  /** The length of the profile in milliseconds. */
  duration: z.number().int().positive(),
})

/** A request for one profile. */
export type ProfileRequest = Readonly<z.infer<typeof profileRequestSchema>>

/** The file in which an operator asks a program for a profile. The program removes it at once. */
export function profileRequestFile(statePath: string, program: ProfiledProgram): string {
  return join(statePath, `profile-${program}.json`)
}

/** The file of the answer, with the name that Chrome's developer tools open. */
export function profileFile(statePath: string, { id, kind }: ProfileRequest): string {
  return join(statePath, `profile-${id}.${kind === 'cpu' ? 'cpuprofile' : 'heapprofile'}`)
}

/** Takes profiles of this process when `bridgectl profile` asks for them by a file in the state folder. */
export function answerProfileRequests(
  statePath: string,
  program: ProfiledProgram,
  log: Logger,
  stop: AbortSignal,
): void {
  const file = profileRequestFile(statePath, program)
  let last = Promise.resolve()
  // Looks twice a second, which costs almost nothing. Ignores requests from before the start.
  watchFile(file, { interval: 500, persistent: false }, () => {
    last = last.then(() => answer(statePath, file, log))
  })
  stop.addEventListener('abort', () => unwatchFile(file), { once: true })
}

async function answer(statePath: string, file: string, log: Logger): Promise<void> {
  try {
    const request = profileRequestSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    await rm(file)
    log.info({ 'profile.kind': request.kind, 'profile.id': request.id }, 'taking a profile')
    await writeFileAtomically(profileFile(statePath, request), await takeProfile(request), 0o600)
  } catch (error) {
    if (!isMissing(error)) log.error({ error }, 'the profile that was asked for could not be taken')
  }
}

/**
 * Profiles this process for a while: its CPU time, or the functions that allocate memory. Both are sampled while the process goes on
 * working. A profile names functions and never shows their data.
 */
async function takeProfile({ kind, duration }: ProfileRequest): Promise<string> {
  const session = new Session()
  session.connect()
  try {
    if (kind === 'memory') {
      await session.post('HeapProfiler.startSampling')
      await wait(duration)
      return JSON.stringify((await session.post('HeapProfiler.stopSampling')).profile)
    }
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    await wait(duration)
    return JSON.stringify((await session.post('Profiler.stop')).profile)
  } finally {
    session.disconnect()
  }
}
