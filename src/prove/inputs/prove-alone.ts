import { rmSync } from 'node:fs'
import type { Environment, Handbook } from '../../environments/index.ts'
import { makeScratch, type Ports, startSharedExecutor } from '../../operate/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { findWaiver, judge } from './judge.ts'
import { openTaker } from './open-taker.ts'
import type { FalseWord } from './prove-inputs.ts'
import { listLonelyTries } from './step-inputs.ts'
import { TAKINGS } from './takings.ts'
import { AT_ONCE, tryAll } from './try-all.ts'
import { tryPage } from './try-page.ts'

const SAYS: Readonly<Record<string, string>> = {
  refused: 'refuses to answer',
  empty: 'answers nothing',
  page: 'answers with a page of HTML',
}

/** The ways that are tried: it refuses, or answers nothing, or something else. Where all is taken, the others find little more. */
const WAYS = TAKINGS.filter(({ id }) => id in SAYS)

/** What was tried and found when one input at a time was taken away. */
export interface ProvenAlone {
  /** Steps that ask more than one thing. */
  readonly steps: number
  /** Tries in which the step asked what was taken, and ended. */
  readonly tries: number
  /** Tries, as `page#step input way`, in which the step ended before it asked that, or read what an earlier step could not give. */
  readonly notAsked: readonly string[]
  /** Steps that judge something by its exit code or status alone, as `page#step input`: whatever it prints, they say the same. */
  readonly byCode: readonly string[]
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
  const words: Word[] = []
  let judged = 0
  let done = 0
  const runs = makeScratch('inputs', root, ports.by)
  const executors = Array.from({ length: AT_ONCE }, () => startSharedExecutor(ports))
  const attempt = async ({ page, input, steps, taking, judged: ids }: (typeof tries)[number], executor: Executor) => {
    const taker = await openTaker(taking, input, environment, ports.env.PATH)
    const id = `${taking.id}-${input.kind}-${input.name}`
    for (const step of await tryPage(page, steps, taker, { id, ports, root, runs, executor })) {
      if (!ids.includes(step.step)) continue
      const name = `${page.path}#${step.step} ${input.kind} ${input.name}`
      if (step.status === 'timed-out') timedOut.push(`${name} ${taking.id}`)
      else if (step.status === 'blocked' || step.asked !== true) notAsked.push(`${name} ${taking.id}`)
      else {
        judged += 1
        const said = judge(step, page)
        const message = `${said} when the ${input.kind} ${input.name} alone ${SAYS[taking.id]}`
        const { step: id, title, line } = step
        if (said !== undefined)
          words.push({ name, page, word: { file: page.path, line, step: id, title, taking: taking.id, message } })
      }
    }
    done += 1
    tried(page, done / tries.length)
  }
  try {
    await tryAll(tries, executors, ports.signal, attempt)
  } finally {
    await Promise.all(executors.map(executor => executor.close()))
    rmSync(runs, { recursive: true, force: true })
  }
  const byCode = [...new Set(words.map(({ name }) => name))].filter(name => {
    const ways = words.filter(word => word.name === name).map(({ word }) => word.taking)
    return ways.includes('empty') && ways.includes('page') && !ways.includes('refused')
  })
  const all = words
    .filter(({ name }) => !byCode.includes(name))
    .map(({ word, page }) => ({ word, reason: findWaiver(page, word.step, today) }))
  return {
    steps: new Set(tries.flatMap(({ page, judged: ids }) => ids.map(id => `${page.path}#${id}`))).size,
    tries: judged,
    notAsked: notAsked.toSorted(),
    byCode: byCode.toSorted(),
    timedOut: timedOut.toSorted(),
    found: all
      .flatMap(({ word, reason }) => (reason === undefined ? [word] : []))
      .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line),
    waived: all.flatMap(({ word, reason }) => (reason === undefined ? [] : [{ ...word, reason }])),
  }
}

type Executor = ReturnType<typeof startSharedExecutor>

interface Word {
  readonly name: string
  readonly page: Procedure
  readonly word: FalseWord
}
