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

/** One of them. */
export type ProfiledProgram = (typeof profiledPrograms)[number]

/** What is asked of a running program; nothing of it is answered over the network. */
const profileRequestSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['cpu', 'memory']),
  /** Milliseconds over which it looks. */
  duration: z.number().int().positive(),
})

/** One such request. */
export type ProfileRequest = Readonly<z.infer<typeof profileRequestSchema>>

/** Where an operator asks a program for a profile; taken from there as soon as it is seen. */
export function profileRequestFile(statePath: string, program: ProfiledProgram): string {
  return join(statePath, `profile-${program}.json`)
}

/** Where the answer is put, under the name by which Chrome's developer tools open it. */
export function profileFile(statePath: string, { id, kind }: ProfileRequest): string {
  return join(statePath, `profile-${id}.${kind === 'cpu' ? 'cpuprofile' : 'heapprofile'}`)
}

/** Takes profiles of this process as `bridgectl profile` asks for them, by a file in the state folder. */
export function answerProfileRequests(
  statePath: string,
  program: ProfiledProgram,
  log: Logger,
  stop: AbortSignal,
): void {
  const file = profileRequestFile(statePath, program)
  let last = Promise.resolve()
  // Looks twice a second, which costs nothing, and sees only what is asked from now on.
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
 * Looks at this process for a while: where its time goes, or which functions allocate. Both are sampled: the process goes on
 * working, and the profile names functions, never what they work on.
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
