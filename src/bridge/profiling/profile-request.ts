import { join } from 'node:path'
import { z } from 'zod'

/** The programs of which profiles can be taken. */
export const profiledPrograms = ['api', 'worker'] as const

/** One of them. */
export type ProfiledProgram = (typeof profiledPrograms)[number]

/** What is asked of a running program; nothing of it is answered over the network. */
export const profileRequestSchema = z.object({
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
