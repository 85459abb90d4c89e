import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod/mini'
import { LEGIBLE } from '../../base/index.ts'
import { findWordToType, type Recording, type RunState } from '../../journal/index.ts'
import { limitRate } from '../entrance/limit-rate.ts'
import { ownKey } from '../entrance/own-key.ts'
import { demandResponder } from '../entrance/sessions.ts'
import { readBody } from '../read-body.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { demandRunning, findServedRun } from './find-served-run.ts'

const key = z.string().check(z.minLength(8), z.maxLength(200))
/** Words for the record: a few, for people. */
const words = z.string().check(z.trim(), z.regex(LEGIBLE, 'expected words'), z.maxLength(4000))
const answerQuestion = z.strictObject({
  key,
  question: z.string(),
  choice: z.string(),
  reason: z.optional(words),
  typed: z.optional(z.string()),
})
const cancelRun = z.strictObject({ key })
const addNote = z.strictObject({ key, text: words })

/** The answers after which a step runs. */
const GOES: readonly string[] = ['run', 'retry']

/** Milliseconds that a runner gets to record a note. */
const PATIENCE = 3000

/** What somebody does with a run under way. All of it goes through the store: the run may be anybody's, in any terminal. */
export function addRunPresses(app: FastifyInstance, parts: ServerParts): void {
  const { store, actor } = parts
  const limit = limitRate({ burst: 60, every: 1000 })
  const open = async (request: FastifyRequest) => {
    const { person } = demandResponder(request, parts)
    limit(person)
    return { by: actor(person), own: (key: string) => ownKey(person, key), ...(await findServedRun(request, parts)) }
  }
  app.post('/api/runs/:run/answers', async request => {
    const { by, own, run, ...recorded } = await open(request)
    const { key, question, choice, reason, typed } = readBody(request, answerQuestion)
    if (GOES.includes(choice)) await demandTyped(question, typed, recorded, parts)
    const answer = { key: own(key), choice, by, ...(reason === undefined ? {} : { reason }) }
    return { result: await store.answer(run, question, answer) }
  })
  app.post('/api/runs/:run/cancel', async (request, reply) => {
    const { by, run, state } = await open(request)
    readBody(request, cancelRun)
    await demandRunning(state, parts)
    await store.requestCancel(run, by)
    return reply.code(202).send({ asked: true })
  })
  app.post('/api/runs/:run/notes', async (request, reply) => {
    const { by, own, run, state } = await open(request)
    const { key: given, text } = readBody(request, addNote)
    const key = own(given)
    const isKnown = state.noted?.some(note => note.key === key) ?? false
    if (!isKnown) await demandRunning(state, parts)
    // The record may have it without a secret; what was handed over is as it was sent.
    const first = await store.handNote(run, { key, text, by })
    if (first.text !== text) throw new Refused(422, 'This key recorded another note', 'Give each note a key of its own')
    if (isKnown || (await isRecorded(run, key, parts))) return reply.code(201).send({ recorded: true })
    // The runner of another machine may be slow; one that is gone hears nothing.
    await findServedRun(request, parts).then(({ state }) => demandRunning(state, parts))
    return reply.code(202).send({ recorded: false })
  })
}

/** Waits for a note in the record. Throws when the run ended before. */
async function isRecorded(run: string, key: string, { feeds }: ServerParts): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE)
  return feeds.use(run, async feed => {
    for (;;) {
      if (feed.events.some(event => event.type === 'run.noted' && event.key === key)) return true
      if (feed.ended) throw new Refused(409, 'The run ended before the note was recorded', feed.ended.why)
      if (signal.aborted) return false
      await feed.changed(signal)
    }
  })
}

/** Throws when a dangerous step wants a word typed, as it does in a terminal, and another one came. */
async function demandTyped(
  question: string,
  typed: string | undefined,
  { recording, state }: { readonly recording: Recording; readonly state: RunState },
  { store, served }: ServerParts,
): Promise<void> {
  const { environment, start } = state
  const asked = (await store.listQuestions(recording.run)).find(({ id }) => id === question)
  const plan = recording.events.findLast(event => event.type === 'step.planned' && event.step === asked?.step)
  const word = findWordToType(
    start?.steps.find(({ id }) => id === asked?.step),
    plan?.type === 'step.planned' ? plan.items.length : 0,
    { environment, others: served.find(({ name }) => name === environment)?.others ?? [] },
  )
  if (word !== undefined && typed !== word) throw new Refused(422, `Type ${word} to run this in ${environment}`)
}
