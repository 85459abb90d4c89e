import type { Handbook } from '../../environments/index.ts'
import { findUsed, type Ports } from '../../operate/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { findWaiver, judge } from './judge.ts'
import { openStandIn } from './stand-in.ts'
import { TAKINGS, type Taking } from './takings.ts'
import { tryAll } from './try-all.ts'
import { listTried, type TriedStep, tryPage } from './try-page.ts'

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
  const results: TriedPage[] = []
  // What takes longest comes first.
  const waiting = pages
    .flatMap(page => TAKINGS.map(taking => ({ page, taking, steps: listTried(page) })))
    .toSorted((a, b) => b.steps.length - a.steps.length)
  await tryAll(waiting, ports, async ({ page, taking, steps }, world) => {
    const { commands } = findUsed(page, [])
    const standIn = await openStandIn(taking, file, { commands, realPath: ports.env.PATH })
    results.push({ page, taking, steps: await tryPage(page, steps, standIn, { id: taking.id, ports, root, ...world }) })
    tried(page, taking)
  })
  return sumUp(pages, results, new Date().toISOString().slice(0, 10))
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
