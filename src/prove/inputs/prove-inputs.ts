import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Handbook } from '../../environments/index.ts'
import type { Ports } from '../../operate/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { TAKINGS, type Taking } from './takings.ts'
import { listTried, type TriedStep, tryPage } from './try-page.ts'

/** How many pages are tried at once: they wait more than they compute. */
const AT_ONCE = 8

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
  /** Steps that were not tried, because they change something. */
  readonly notTried: number
  /** Steps that could never be judged, because they read what an earlier step could not give. */
  readonly blocked: number
  readonly ways: readonly {
    readonly id: string
    readonly says: string
    readonly tried: number
    readonly false: number
  }[]
  readonly found: readonly FalseWord[]
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
    const results: { page: Procedure; taking: Taking; steps: readonly TriedStep[] }[] = []
    const waiting = pages.flatMap(page => TAKINGS.map(taking => ({ page, taking })))
    const work = async () => {
      for (let next = waiting.shift(); next && !ports.signal.aborted; next = waiting.shift()) {
        const { page, taking } = next
        results.push({ page, taking, steps: await tryPage(page, taking, file, { ports, root, folder }) })
        tried(page, taking)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return sumUp(pages, results)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function sumUp(
  pages: readonly Procedure[],
  results: readonly { readonly page: Procedure; readonly taking: Taking; readonly steps: readonly TriedStep[] }[],
): ProvenInputs {
  const found = results.flatMap(({ page, taking, steps }) =>
    steps.flatMap(step => {
      const message = judge(step, page)
      if (message === undefined) return []
      const { step: id, title, line } = step
      return [{ file: page.path, line, step: id, title, taking: taking.id, message: `${message} when ${taking.says}` }]
    }),
  )
  const all = pages.flatMap(listTried).length
  const judged = new Set(
    results.flatMap(({ page, steps }) =>
      steps.flatMap(({ step, status }) => (status === 'blocked' ? [] : `${page.path}#${step}`)),
    ),
  )
  return {
    pages: pages.length,
    steps: all,
    notTried: pages.flatMap(({ phases }) => phases.flatMap(({ steps }) => steps)).length - all,
    blocked: all - judged.size,
    ways: TAKINGS.map(({ id, says }) => ({
      id,
      says,
      tried: results.reduce((sum, { taking, steps }) => sum + (taking.id === id ? steps.length : 0), 0),
      false: found.filter(({ taking }) => taking === id).length,
    })),
    found: found.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line),
  }
}

/** What is false about how a step ended, if anything. A step that asked nothing may say what it likes. */
function judge({ status, phase, asked, reason }: TriedStep, { kind }: Procedure): string | undefined {
  if (asked === false) return undefined
  if (status === 'ruled-out') return `rules its cause out (“${reason ?? ''}”)`
  if (status !== 'passed') return undefined
  // What is not there cannot tell that it was asked.
  if (asked === undefined) return undefined
  if (phase === 'checks') return 'passes as a check'
  if (phase === 'verify') return 'passes as a verification'
  return phase === 'procedure' && kind === 'guide' ? 'passes' : undefined
}
