import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Handbook } from '../../environments/index.ts'
import { type Ports, startSharedExecutor } from '../../operate/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { TAKINGS, type Taking } from './takings.ts'
import { listTried, type TriedStep, tryPage } from './try-page.ts'

/** How many pages are tried at once: they wait about as long as they compute. */
const AT_ONCE = 3 * availableParallelism()

/** A step that said something although nothing was there to say it by. */
export interface FalseWord {
  readonly file: string
  readonly line: number
  readonly step: string
  readonly title: string
  readonly taking: string
  readonly message: string
}

/** What was tried and found. */
export interface ProvenInputs {
  readonly pages: number
  /** Steps that were tried, in every way. */
  readonly steps: number
  /** Steps that were not tried, because they change something or run a program of their own. */
  readonly notTried: number
  /** Steps that could never be judged, because they read what an earlier step could not give. */
  readonly blocked: number
  /** Steps that judge by an exit code or a status alone, as `page#step`: they pass whatever is printed. */
  readonly byCode: readonly string[]
  readonly ways: readonly {
    readonly id: string
    readonly says: string
    readonly tried: number
    readonly false: number
  }[]
  /** Tries that were ended because they took too long, as `page#step way`: of them nothing is known. */
  readonly timedOut: readonly string[]
  readonly found: readonly FalseWord[]
  /** Those that their pages say are right, with the reason. */
  readonly waived: readonly (FalseWord & { readonly reason: string })[]
}

/**
 * Runs every step that only reads, on every page, with all that it asks taken away, in each way that there is. None may then rule out a
 * cause, pass as a check, or end a verification well.
 */
export async function proveInputs(
  { root, file }: Pick<Handbook, 'root' | 'file'>,
  pages: readonly Procedure[],
  ports: Ports,
  tried: (page: Procedure, taking: Taking) => void,
): Promise<ProvenInputs> {
  const folder = await mkdtemp(join(tmpdir(), 'handbook-inputs-runs-'))
  try {
    const results: TriedPage[] = []
    // What takes longest comes first.
    const waiting = pages
      .flatMap(page => TAKINGS.map(taking => ({ page, taking })))
      .toSorted((a, b) => listTried(b.page).length - listTried(a.page).length)
    const work = async () => {
      // To start a process for each block of each way takes longer than all else.
      const executor = startSharedExecutor(ports)
      try {
        for (let next = waiting.shift(); next && !ports.signal.aborted; next = waiting.shift()) {
          const { page, taking } = next
          results.push({ page, taking, steps: await tryPage(page, taking, file, { ports, root, folder, executor }) })
          tried(page, taking)
        }
      } finally {
        await executor.close()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return sumUp(pages, results, new Date().toISOString().slice(0, 10))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The results of a page, a way each. */
interface TriedPage {
  readonly page: Procedure
  readonly taking: Taking
  readonly steps: readonly TriedStep[]
}

function sumUp(pages: readonly Procedure[], results: readonly TriedPage[], today: string): ProvenInputs {
  const byCode = results.flatMap(result => (result.taking.id === 'shape' ? findByCode(result, results) : []))
  const all = results.flatMap(({ page, taking, steps }) =>
    steps.flatMap(step => {
      const message = judge(step, page)
      if (message === undefined || byCode.includes(`${page.path}#${step.step}`)) return []
      const { step: id, title, line } = step
      const word = {
        file: page.path,
        line,
        step: id,
        title,
        taking: taking.id,
        message: `${message} when ${taking.says}`,
      }
      return [{ word, reason: findWaiver(page, id, today) }]
    }),
  )
  const found = all.flatMap(({ word, reason }) => (reason === undefined ? [word] : []))
  const tried = pages.flatMap(listTried).length
  const judged = new Set(
    results.flatMap(({ page, steps }) =>
      steps.flatMap(({ step, status }) => (status === 'blocked' ? [] : `${page.path}#${step}`)),
    ),
  )
  return {
    pages: pages.length,
    steps: tried,
    notTried: pages.flatMap(({ phases }) => phases.flatMap(({ steps }) => steps)).length - tried,
    blocked: tried - judged.size,
    byCode,
    timedOut: results.flatMap(({ page, taking, steps }) =>
      steps.flatMap(({ step, status }) => (status === 'timed-out' ? [`${page.path}#${step} ${taking.id}`] : [])),
    ),
    ways: TAKINGS.map(({ id, says }) => ({
      id,
      says,
      tried: results.reduce((sum, { taking, steps }) => sum + (taking.id === id ? steps.length : 0), 0),
      false: found.filter(({ taking }) => taking === id).length,
    })),
    found: found.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line),
    waived: all.flatMap(({ word, reason }) => (reason === undefined ? [] : [{ ...word, reason }])),
  }
}

/**
 * The steps that judge by an exit code or a status alone: whatever is printed passes, and a refusal does not. They say no more than what
 * they asked said itself.
 */
function findByCode({ page, steps }: TriedPage, results: readonly TriedPage[]): string[] {
  const statusIn = (taking: string, step: string) =>
    results.find(other => other.page === page && other.taking.id === taking)?.steps.find(other => other.step === step)
      ?.status
  // A try that took too long has shown nothing.
  const heeds = (taking: string, step: string, status: string) =>
    [status, 'timed-out'].includes(statusIn(taking, step) ?? '')
  return steps.flatMap(({ step, status }) =>
    (status === 'passed' || status === 'ruled-out') &&
    heeds('empty', step, status) &&
    heeds('page', step, status) &&
    statusIn('refused', step) !== status &&
    statusIn('missing', step) !== status &&
    !readsAnswers(page, step)
      ? [`${page.path}#${step}`]
      : [],
  )
}

/** Whether a ts block looks into what it was answered: then an answer of another shape has to fail it. */
function readsAnswers({ phases }: Procedure, id: string): boolean {
  const block = phases.flatMap(({ steps }) => steps).find(step => step.id === id)?.block
  return block?.language === 'ts' && /\bbody\b|\.json\s*[<(]/.test(block.code)
}

/** Why a page says that such a word of a step is right, if it does. */
function findWaiver({ waivers }: Procedure, step: string, today: string): string | undefined {
  return waivers.find(
    ({ rule, step: waived, until }) => rule === RULE && waived === step && until !== undefined && until >= today,
  )?.reason
}

/** The rule of src/lint that a page waives. */
const RULE = 'false-word'

/** What is false about how a step ended, if anything. A step that asked nothing may say what it likes. */
function judge({ status, phase, asked, reason }: TriedStep, { kind }: Procedure): string | undefined {
  if (asked === false) return undefined
  if (status === 'ruled-out') return `rules its cause out (“${reason ?? ''}”)`
  // What is not there cannot tell that it was asked.
  if (status !== 'passed' || asked === undefined) return undefined
  if (phase === 'checks') return 'passes as a check'
  if (phase === 'verify') return 'passes as a verification'
  return phase === 'procedure' && kind === 'guide' ? 'passes' : undefined
}
