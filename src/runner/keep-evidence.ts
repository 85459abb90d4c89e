import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs'
import { dirname, extname, join, parse, relative } from 'node:path'
import type { BlockRequest } from '../execute/index.ts'
import type { Evidence } from '../journal/index.ts'
import { copyRedacted } from '../secrets/index.ts'
import type { Run } from './run.ts'

/** A file of evidence as it is kept: its name there, and which state of the block's file it is a copy of. */
export interface KeptEvidence {
  readonly file: string
  readonly state: string
}

/** Keeps a file that a block hands over, without the secrets in it and in its name, and names it as the store knows it. */
export function keepEvidence(run: Run, request: BlockRequest, evidence: Evidence): Evidence {
  const { file: given, ...rest } = evidence
  if (given === undefined) return evidence
  try {
    const file = keepFile(run, request, given, evidence.name)
    return { ...evidence, file: run.ports.writer.nameEvidence(request.step, file) }
  } catch (error) {
    return { ...rest, problem: describe(error) }
  }
}

/** Keeps what a block put beside its evidence without a word, or changed after it had handed it over; nothing else of its folder stays. */
export function emptyEvidenceFolder(run: Run, request: BlockRequest): void {
  const { step, evidenceFolder } = request
  if (!existsSync(evidenceFolder)) return
  for (const entry of readdirSync(evidenceFolder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const file = relative(evidenceFolder, join(entry.parentPath, entry.name))
    try {
      keepFile(run, request, file, file)
    } catch (error) {
      void run.emit({ type: 'run.warned', message: `a file of #${step} was not kept: ${describe(error)}` })
    }
  }
  rmSync(evidenceFolder, { recursive: true, force: true })
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * Copies a block's file to where the run keeps its evidence. A block's own folder is one that does not last, so that what is kept never has a
 * secret in it, whenever the runner ends. It is its owner's, unless the environment shares it.
 */
function keepFile(run: Run, { step, evidenceFolder }: BlockRequest, file: string, name: string): string {
  const source = join(evidenceFolder, file)
  const stat = lstatSync(source, { bigint: true })
  if (!stat.isFile()) throw new Error(`${file} is no file`)
  const id = `${step}/${file}`
  const known = run.evidence.get(id)
  const state = `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`
  if (known?.state === state) return known.file
  const folder = run.ports.writer.evidenceFolder(step)
  const kept = known?.file ?? chooseName(run, folder, file, name)
  mkdirSync(dirname(join(folder, kept)), { recursive: true })
  copyRedacted(source, join(folder, kept), run.redaction)
  setMode(join(folder, kept), run.request.environment.shareEvidence ? 0o660 : 0o600)
  run.evidence.set(id, { file: kept, state })
  return kept
}

/** Sets the mode of a file of a folder that others may write, too: never through a link that one of them put there. */
function setMode(path: string, mode: number): void {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    fchmodSync(file, mode)
  } finally {
    closeSync(file)
  }
}

/** A name that tells no secret, and that nothing has which was kept before the run was resumed. */
function chooseName({ redaction }: Run, folder: string, file: string, name: string): string {
  // The name's own characters may have been replaced: what is told of it decides.
  const telling = redaction.needed && (redaction.text(name) !== name || redaction.text(file) !== file)
  const ending = redaction.text(extname(file))
  const { dir, name: stem } = parse(file)
  for (let number = 1; ; number++) {
    const free = telling
      ? `redacted-${number}${/^\.\w+$/.test(ending) ? ending : ''}`
      : number === 1
        ? file
        : join(dir, `${stem}-${number}${ending}`)
    if (!existsSync(join(folder, free))) return free
  }
}
