import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenQuestion, RunEvent, RunStore } from '../../journal/index.ts'
import type { RunMessage } from '../../wire/index.ts'

/** What is read of a run for all who watch it: once, however many they are. */
export interface RunFeed {
  /** Every event so far. */
  readonly events: readonly RunEvent[]
  readonly questions: readonly OpenQuestion[]
  /** Set when nothing more comes; `why` when that is not the run's end. */
  readonly ended: { readonly why?: string } | undefined
  /** Resolves at the next change, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>
}

/** The runs that are watched. */
export interface RunFeeds {
  /** Works with a run's feed, which goes on as long as anybody does. */
  use<T>(run: string, work: (feed: RunFeed) => Promise<T>): Promise<T>
  close(): void
}

/** Milliseconds between two looks for questions, and at whether the runner is still there. */
const ASK_EVERY = 200
const JUDGE_EVERY = 2000

/** Reads each run once for all who watch it. */
export function createRunFeeds(store: RunStore): RunFeeds {
  const open = new Map<string, { readonly feed: RunFeed; readonly stop: AbortController; users: number }>()
  return {
    async use(run, work) {
      let entry = open.get(run)
      // A run that ended may have been resumed since.
      if (!entry || entry.feed.ended) {
        const stop = new AbortController()
        entry = { feed: readRun(store, run, stop.signal), stop, users: 0 }
        open.set(run, entry)
      }
      entry.users += 1
      try {
        return await work(entry.feed)
      } finally {
        entry.users -= 1
        if (entry.users === 0) {
          entry.stop.abort()
          if (open.get(run) === entry) open.delete(run)
        }
      }
    },
    close() {
      for (const { stop } of open.values()) stop.abort()
    },
  }
}

function readRun(store: RunStore, run: string, signal: AbortSignal): RunFeed {
  const events: RunEvent[] = []
  const waiting = new Set<() => void>()
  const feed: { -readonly [K in keyof RunFeed]: RunFeed[K] } = {
    events,
    questions: [],
    ended: undefined,
    changed: given =>
      new Promise(resolve => {
        const done = () => {
          waiting.delete(done)
          given.removeEventListener('abort', done)
          resolve()
        }
        waiting.add(done)
        given.addEventListener('abort', done)
        if (given.aborted || feed.ended) done()
      }),
  }
  const tell = () => {
    for (const done of waiting) done()
  }
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const end = (ended: NonNullable<RunFeed['ended']>) => {
    if (feed.ended) return
    over.abort()
    feed.questions = []
    feed.ended = ended
    tell()
  }
  const watch = async () => {
    for await (const event of store.watch(run, either)) {
      events.push(event)
      tell()
    }
    if (!either.aborted) end({})
  }
  const fail = (error: unknown) => end({ why: error instanceof Error ? error.message : String(error) })
  watch().catch(fail)
  watchQuestions(store, run, either, questions => {
    feed.questions = questions
    tell()
  }).catch(fail)
  judge(store, run, events, either, () => end({ why: GONE })).catch(fail)
  return feed
}

const GONE = 'its runner is gone: the run was interrupted'

async function watchQuestions(
  store: RunStore,
  run: string,
  signal: AbortSignal,
  tell: (questions: readonly OpenQuestion[]) => void,
): Promise<void> {
  let told = ''
  while (!signal.aborted) {
    const questions = await store.listQuestions(run)
    const ids = questions.map(({ id }) => id).join()
    if (ids !== told && !signal.aborted) tell(questions)
    told = ids
    await sleep(ASK_EVERY, undefined, { signal }).catch(() => undefined)
  }
}

/** Looks whether the runner is still there: one that was killed tells nobody. */
async function judge(
  store: RunStore,
  run: string,
  events: readonly RunEvent[],
  signal: AbortSignal,
  gone: () => void,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(JUDGE_EVERY, undefined, { signal }).catch(() => undefined)
    const by = events.findLast(event => event.type === 'run.started' || event.type === 'run.resumed')?.by
    const before = events.length
    if (!by || (await store.judgeRunner(run, by)) !== 'gone') continue
    // What it wrote last is read first.
    await sleep(2 * ASK_EVERY, undefined, { signal }).catch(() => undefined)
    if (events.length === before && !signal.aborted) return gone()
  }
}

/** The messages of a run for somebody who has heard its events up to a number. */
export async function* tellRun(
  feed: RunFeed,
  heard: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly message: RunMessage; readonly id: number }> {
  let at = 0
  let seq = heard
  let questions: readonly OpenQuestion[] | undefined
  while (!signal.aborted) {
    while (at < feed.events.length) {
      const event = feed.events[at++]
      if (!event || event.seq <= heard) continue
      seq = event.seq
      yield { message: { event }, id: seq }
    }
    if (feed.questions !== questions) {
      questions = feed.questions
      yield { message: { questions }, id: seq }
    }
    if (at < feed.events.length || feed.questions !== questions) continue
    if (feed.ended) {
      yield { message: { ended: true, ...feed.ended }, id: seq }
      return
    }
    await feed.changed(signal)
  }
}
