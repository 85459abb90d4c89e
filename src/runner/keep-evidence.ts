import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Evidence } from '../journal/index.ts'
import type { BlockRequest } from '../worker/index.ts'
import { redactBytes } from './redact.ts'
import type { Run } from './run.ts'

/** Takes the secrets out of a kept file, and names the file as the run's folder knows it. */
export function keepEvidence(run: Run, { evidenceFolder }: BlockRequest, evidence: Evidence): Evidence {
  if (evidence.file === undefined) return evidence
  const file = join(evidenceFolder, evidence.file)
  if (run.secrets.length > 0) {
    const bytes = readFileSync(file)
    const clean = redactBytes(bytes, run.secrets)
    if (!clean.equals(bytes)) writeFileSync(file, clean)
  }
  return { ...evidence, file: relative(run.ports.ledger.folder, file) }
}
