import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineCommand } from 'citty'
import { formatJson } from '../../../base/index.ts'
import { applyEvent, foldRun, type OpenQuestion, type RunState, type RunStore } from '../../../journal/index.ts'
import { findRun, openHandbook, type Ports } from '../../../operate/index.ts'
import { parseProcedure, type Step } from '../../../procedure/index.ts'
import { createRunReporter } from '../../../report/index.ts'
import { createPorts } from '../../ports.ts'
import { complain, paint, print, printForeign } from '../../print.ts'
import { EXIT_CODES, sayHowToResume } from '../../print-run.ts'
import { promptForQuestion } from '../../prompts/answer-question.ts'

/** `handbook runs follow`: a run under way, wherever it was begun, and what it asks. */
export const follow = defineCommand({
  meta: {
    name: 'follow',
    description: `Watch a run that is under way, wherever it was begun, and answer what it asks. Ctrl-C ends the watching, not the run.

  handbook runs follow 20261122-031502-k7f2
  handbook runs follow 20261122-031502-k7f2 --json

Whoever answers first, here or elsewhere, is heard. Without a terminal it only watches.

Exit code: as handbook run; 1 its runner is gone; 130 the watching was ended.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    json: { type: 'boolean', description: 'One event a line on stdout' },
  },
  async run({ args: { run, json } }) {
    const over = new AbortController()
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => over.abort())
    const ports = createPorts(over.signal)
    const { store } = await findRun(run, ports)
    const report = json
      ? (event: object) => void process.stdout.write(`${formatJson(event)}\n`)
      : createRunReporter(print, process.stdout.columns, { writeOutput: printForeign })
    let state = foldRun([])
    const ended = new AbortController()
    const signal = AbortSignal.any([over.signal, ended.signal])
    const answering = json || !ports.prompter ? undefined : answerQuestions(store, run, () => state, ports, signal)
    const judging = judge(store, run, () => state, signal).then(gone => gone && ended.abort('gone'))
    try {
      for await (const event of store.watch(run, signal)) {
        state = applyEvent(state, event)
        report(event)
      }
    } finally {
      ended.abort('over')
      await Promise.all([answering, judging])
    }
    if (state.outcome !== undefined) return state.refused === undefined ? EXIT_CODES[state.outcome] : 3
    if (over.signal.aborted) {
      if (!json) print(`\nThe run goes on. See it again: handbook runs follow ${run}\n`)
      return 130
    }
    complain(`${paint.red('✗')} The run was interrupted: its runner is gone\n`)
    if (!json && state.start) print(sayHowToResume(state.start))
    return 1
  },
})

/** Milliseconds between two looks for a question, and at whether the runner is still there. */
const LOOK_EVERY = 250
const JUDGE_EVERY = 2000

/** Asks here what the run asks, one question after the other. A person who gives up is not asked the same again. */
async function answerQuestions(
  store: RunStore,
  run: string,
  state: () => RunState,
  { cwd, by }: Pick<Ports, 'cwd' | 'by'>,
  signal: AbortSignal,
): Promise<void> {
  const left = new Set<string>()
  while (!signal.aborted) {
    const question = (await store.listQuestions(run)).find(({ id }) => !left.has(id))
    if (!question) {
      await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
      continue
    }
    left.add(question.id)
    const gone = new AbortController()
    const isOpen = untilAnswered(store, run, question, gone.signal).then(() => gone.abort())
    const asked = await describe(question, state(), cwd)
    const answer = await promptForQuestion(asked, AbortSignal.any([signal, gone.signal]))
    if (answer) {
      const result = await store.answer(run, question.id, { ...answer, by })
      if (result !== 'accepted') print('Somebody else answered first.\n')
    } else if (gone.signal.aborted && !signal.aborted) print('It was answered elsewhere.\n')
    else if (!signal.aborted) print(`It waits for an answer, from here or elsewhere: handbook runs follow ${run}\n`)
    gone.abort()
    await isOpen
  }
}

async function untilAnswered(store: RunStore, run: string, { id }: OpenQuestion, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await store.listQuestions(run)).some(open => open.id === id))
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
}

/** The question with the step that it is about, if the page here is the one that runs. */
async function describe(question: OpenQuestion, { start, steps, environment }: RunState, cwd: string) {
  const risk = start?.steps.find(({ id }) => id === question.step)?.risk ?? 'danger'
  const root = (await openHandbook(cwd).catch(() => undefined))?.root ?? cwd
  const text = start && (await readFile(resolve(root, start.path), 'utf8').catch(() => undefined))
  const page = start && text !== undefined ? parseProcedure(text, start.path) : undefined
  const wanted = steps.find(({ id }) => id === question.step)?.blockHash
  const step = page?.phases
    .flatMap(phase => phase.steps)
    .find((one: Step) => one.id === question.step && one.block.hash === wanted)
  return { question, environment, step, risk }
}

/** True once its runner is seen to be gone. */
async function judge(store: RunStore, run: string, state: () => RunState, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    await sleep(JUDGE_EVERY, undefined, { signal }).catch(() => undefined)
    const { by } = state()
    if (by && !signal.aborted && (await store.judgeRunner(run, by)) === 'gone') {
      // What it wrote last is read first.
      await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
      return !signal.aborted
    }
  }
  return false
}
