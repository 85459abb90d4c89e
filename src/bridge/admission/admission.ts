import { statSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isMissing } from '../storage/error-code.ts'
import { replaceFile } from '../storage/replace-file.ts'

const closedSchema = z.object({
  open: z.literal(false),
  reason: z.enum(['storage', 'maintenance']),
  /** Seconds that clients are told to wait. */
  retryAfter: z.number().int().positive(),
  since: z.string(),
  /** The reason in the operator's words. */
  note: z.string().optional(),
})

/** Whether new uploads are admitted. Uploads that have begun go on either way. */
export type Admission = { readonly open: true } | Readonly<z.infer<typeof closedSchema>>

/** Why admission can be closed. */
export const admissionReasons = closedSchema.shape.reason.options

/** Reads whether admission is open. It is open when the file does not exist. */
export async function readAdmission(statePath: string): Promise<Admission> {
  try {
    // Almost always it is not there, and every new upload asks.
    if (statSync(admissionFile(statePath), { throwIfNoEntry: false }) === undefined) return { open: true }
    return closedSchema.parse(JSON.parse(await readFile(admissionFile(statePath), 'utf8')))
  } catch (error) {
    if (isMissing(error)) return { open: true }
    throw new Error(`${admissionFile(statePath)} cannot be read`, { cause: error })
  }
}

/** Closes admission; takes effect with the next request. */
export async function closeAdmission(statePath: string, closed: Exclude<Admission, { open: true }>): Promise<void> {
  await replaceFile(admissionFile(statePath), `${JSON.stringify(closed, null, 2)}\n`)
}

/** Opens admission again. */
export async function openAdmission(statePath: string): Promise<void> {
  await rm(admissionFile(statePath), { force: true })
}

function admissionFile(statePath: string): string {
  return join(statePath, 'admission.json')
}
