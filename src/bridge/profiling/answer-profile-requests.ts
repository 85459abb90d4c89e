import { unwatchFile, watchFile } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import type { Logger } from 'pino'
import { isMissing } from '../storage/error-code.ts'
import { writeFileAtomically } from '../storage/replace-file.ts'
import { type ProfiledProgram, profileFile, profileRequestFile, profileRequestSchema } from './profile-request.ts'
import { takeProfile } from './take-profile.ts'

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
