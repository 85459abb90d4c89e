import { chmodSync, existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import type { BlockRequest } from '../execute/index.ts'
import type { Evidence } from '../journal/index.ts'
import { redactFile } from '../secrets/index.ts'
import type { Run } from './run.ts'

/** Takes the secrets out of a kept file and its name, and names the file as the store knows it. */
export function keepEvidence(run: Run, { step, evidenceFolder }: BlockRequest, evidence: Evidence): Evidence {
  const { file: given, ...rest } = evidence
  if (given === undefined) return evidence
  try {
    const file = cleanFile(run, evidenceFolder, given, evidence.name)
    return { ...evidence, file: run.ports.writer.nameEvidence(step, file) }
  } catch (error) {
    return { ...rest, problem: `its secrets could not be taken out, so it was removed: ${describe(error)}` }
  }
}

/** Takes the secrets out of files that a block put beside its evidence without a word, or changed after it had handed them over. */
export function cleanEvidenceFolder(run: Run, { step, evidenceFolder }: BlockRequest): void {
  if (!existsSync(evidenceFolder)) return
  for (const entry of readdirSync(evidenceFolder, { withFileTypes: true, recursive: true })) {
    const file = relative(evidenceFolder, join(entry.parentPath, entry.name))
    if (!entry.isFile()) continue
    try {
      cleanFile(run, evidenceFolder, file, file)
    } catch (error) {
      if (isOfColleague(join(evidenceFolder, file))) continue
      const message = `a file of #${step} was removed, because its secrets could not be taken out: ${describe(error)}`
      void run.emit({ type: 'run.warned', message })
    }
  }
}

/** Whether it is still there, and of another account, which took the secrets out when it ran the step. */
function isOfColleague(file: string): boolean {
  const owner = statSync(file, { throwIfNoEntry: false })?.uid
  return owner !== undefined && owner !== process.geteuid?.()
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Evidence is its owner's, whatever the file was that it was made from, unless the environment shares it, without its secrets. */
function cleanFile(run: Run, folder: string, file: string, name: string): string {
  setMode(join(folder, file), 0o600)
  const clean = redact(run, folder, file, name)
  if (run.request.environment.shareEvidence) setMode(join(folder, clean), 0o660)
  return clean
}

function setMode(file: string, mode: number): void {
  try {
    chmodSync(file, mode)
  } catch {
    // Gone by now, or a colleague's: what is theirs is theirs to close.
  }
}

function redact({ redaction }: Run, folder: string, file: string, name: string): string {
  // Missing: another piece of evidence had the same name, and was renamed.
  if (!redaction.needed || !existsSync(join(folder, file))) return file
  redactFile(join(folder, file), redaction)
  // The name's own characters may have been replaced: what is told of it decides.
  if (redaction.text(name) === name && redaction.text(file) === file) return file
  const ending = redaction.text(extname(file))
  for (let number = 1; ; number++) {
    const free = `redacted-${number}${/^\.\w+$/.test(ending) ? ending : ''}`
    if (existsSync(join(folder, free))) continue
    renameSync(join(folder, file), join(folder, free))
    return free
  }
}
