import type { Environment, Handbook } from '../../environments/index.ts'
import type { Ports } from '../../operate/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { findWaiver, judge } from './judge.ts'
import { openTaker } from './open-taker.ts'
import type { FalseWord } from './prove-inputs.ts'
import { listLonelyTries } from './step-inputs.ts'
import { TAKINGS } from './takings.ts'
import { tryAll } from './try-all.ts'
import { tryPage } from './try-page.ts'

/** The ways that are tried: what refuses, and what answers nothing. The others differ from these where all is taken, and hardly here. */
const WAYS = TAKINGS.filter(({ id }) => id === 'refused' || id === 'empty')

/** What was tried and found when one input at a time was taken away. */
export interface ProvenAlone {
  /** Steps that ask more than one thing. */
  readonly steps: number
  /** Tries in which the step asked what was taken, and ended. */
  readonly tries: number
  /** Tries, as `page#step input way`, in which the step ended before it asked that, or read what an earlier step could not give. */
  readonly notAsked: readonly string[]
  /** Tries that took too long: of them nothing is known. */
  readonly timedOut: readonly string[]
  readonly found: readonly FalseWord[]
  readonly waived: readonly (FalseWord & { readonly reason: string })[]
}

/**
 * Runs each step that only reads and asks more than one thing, in an environment that is well, with one of these things taken away at a
 * time. It may then say nothing by what is left, unless its page says why that is right.
 */
export async function proveAlone(
  { root, file }: Pick<Handbook, 'root' | 'file'>,
  pages: readonly Procedure[],
  environment: Environment,
  ports: Ports,
  tried: (page: Procedure, share: number) => void,
): Promise<ProvenAlone> {
  const today = new Date().toISOString().slice(0, 10)
  const tries = pages
    .flatMap(page => listLonelyTries(page, file))
    .flatMap(lonely => WAYS.map(taking => ({ ...lonely, taking })))
    .toSorted((a, b) => b.steps.length - a.steps.length)
  const notAsked: string[] = []
  const timedOut: string[] = []
  const words: { readonly word: FalseWord; readonly reason: string | undefined }[] = []
  let judged = 0
  let done = 0
  await tryAll(tries, ports, async ({ page, input, steps, taking, judged: ids }, world) => {
    const taker = await openTaker(taking, input, environment, ports.env.PATH)
    const id = `${taking.id}-${input.kind}-${input.name}`
    for (const step of await tryPage(page, steps, taker, { id, ports, root, ...world })) {
      if (!ids.includes(step.step)) continue
      const name = `${page.path}#${step.step} ${input.kind} ${input.name} ${taking.id}`
      if (step.status === 'timed-out') timedOut.push(name)
      else if (step.status === 'blocked' || step.asked !== true) notAsked.push(name)
      else {
        judged += 1
        const message = judge(step, page)
        if (message === undefined) continue
        const says = taking.id === 'refused' ? 'refuses to answer' : 'answers nothing'
        const word = {
          file: page.path,
          line: step.line,
          step: step.step,
          title: step.title,
          taking: taking.id,
          message: `${message} when the ${input.kind} ${input.name} alone ${says}`,
        }
        words.push({ word, reason: findWaiver(page, step.step, today) })
      }
    }
    done += 1
    tried(page, done / tries.length)
  })
  return {
    steps: new Set(tries.flatMap(({ page, judged: ids }) => ids.map(id => `${page.path}#${id}`))).size,
    tries: judged,
    notAsked: notAsked.toSorted(),
    timedOut: timedOut.toSorted(),
    found: words
      .flatMap(({ word, reason }) => (reason === undefined ? [word] : []))
      .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line),
    waived: words.flatMap(({ word, reason }) => (reason === undefined ? [] : [{ ...word, reason }])),
  }
}
