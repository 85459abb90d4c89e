import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AskedQuestion, GivenAnswer, OpenQuestion, Question } from '../question.ts'
import type { Review } from '../run-store.ts'
import type { CancelRequest } from '../run-writer.ts'
import { draftOf } from './places.ts'
import { makeFolder, shareFile } from './share.ts'

/** Writes what is to be signed; a signature of what stood there before is gone. Throws when there is no room for it. */
export function writeRequest(file: string, text: string): void {
  makeFolder(dirname(file))
  rmSync(signatureOf(file), { force: true })
  const draft = draftOf(file)
  try {
    writeFileSync(draft, text, { flag: 'wx' })
    renameSync(shareFile(draft), file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** What is to be signed, if it was asked for. */
export async function readRequest(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}

/** Puts a signature where `ssh-keygen -Y sign` puts one of that file. */
export async function writeSignature(file: string, signature: string): Promise<void> {
  await replace(signatureOf(file), signature)
}

/** The signature of that file, if there is one. */
export async function readSignature(file: string): Promise<string | undefined> {
  return readRequest(signatureOf(file))
}

function signatureOf(file: string): string {
  return `${file}.sig`
}

/** Milliseconds between two looks for a request, or for an answer. */
const LOOK_EVERY = 250

/** Asks for a run to be ended. */
export async function writeCancelRequest(file: string, request: CancelRequest): Promise<void> {
  await replace(file, `${JSON.stringify(request)}\n`)
}

/** Puts a whole file in the place of another, or leaves nothing of it. */
async function replace(file: string, content: string): Promise<void> {
  const draft = draftOf(file)
  try {
    await writeFile(draft, content)
    await rename(shareFile(draft), file)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
}

/** Writes down what somebody said of a step after it ran. */
export async function writeReview(file: string, review: Review): Promise<void> {
  makeFolder(dirname(file))
  await replace(file, `${JSON.stringify(review)}\n`)
}

/** What somebody said of a step after it ran, if anybody did. What cannot be read was not said. */
export async function readReview(file: string): Promise<Review | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Waits for a request; nothing when the signal aborts before. */
export async function awaitCancelRequest(file: string, signal: AbortSignal): Promise<CancelRequest | undefined> {
  while (!signal.aborted) {
    await sleep(LOOK_EVERY, undefined, { signal, ref: false }).catch(() => undefined)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text !== undefined && !signal.aborted) return parse(text)
  }
  return undefined
}

/** Forgets a request: whoever resumes the run decides anew. */
export async function withdrawCancelRequest(file: string): Promise<void> {
  await rm(file, { force: true })
}

/** What is there is a request, whatever it says. */
function parse(text: string): CancelRequest {
  try {
    return JSON.parse(text)
  } catch {
    return { by: { user: 'somebody', host: 'somewhere', pid: 0 }, time: '' }
  }
}

/** Asks a question: a numbered file, beside which its answer is put. */
export async function askQuestion(folder: string, question: Question, now: () => Date): Promise<AskedQuestion> {
  makeFolder(folder)
  const content: Omit<OpenQuestion, 'id'> = { ...question, asked: now().toISOString() }
  let number = (await listNumbers(folder)).length + 1
  while (!(await create(join(folder, `${number}.json`), content))) number += 1
  const file = answerOf(folder, String(number))
  return {
    async answered(signal) {
      while (!signal.aborted) {
        const answer = await readAnswer(file)
        if (answer) return answer
        await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
      }
      return undefined
    },
    async settle(answer) {
      if (await create(file, answer)) return answer
      return (await readAnswer(file)) ?? answer
    },
  }
}

/** The questions that nobody has answered. */
export async function listQuestions(folder: string): Promise<OpenQuestion[]> {
  const open: OpenQuestion[] = []
  for (const id of await listNumbers(folder)) {
    const question = await readQuestion(folder, id)
    if (question && !(await readAnswer(answerOf(folder, id)))) open.push(question)
  }
  return open
}

/** Answers a question, if that is one of its choices and nobody did before. */
export async function answerQuestion(
  folder: string,
  id: string,
  answer: GivenAnswer,
): Promise<'accepted' | 'answered' | 'unknown'> {
  const question = /^\d+$/.test(id) ? await readQuestion(folder, id) : undefined
  if (!question?.choices.includes(answer.choice)) return 'unknown'
  if (question.withReason.includes(answer.choice) && !answer.reason?.trim()) return 'unknown'
  if (await create(answerOf(folder, id), answer)) return 'accepted'
  const first = await readAnswer(answerOf(folder, id))
  // Sent again, because its sender did not hear of the first time.
  const isSame =
    answer.key !== undefined &&
    first?.key === answer.key &&
    first.choice === answer.choice &&
    first.reason === answer.reason
  return isSame ? 'accepted' : 'answered'
}

/** Nobody waits any more for the answers to what was asked before a run is resumed. */
export async function withdrawQuestions(folder: string): Promise<void> {
  for (const { id } of await listQuestions(folder)) await create(answerOf(folder, id), { withdrawn: true })
}

async function listNumbers(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  return names.flatMap(name => /^(\d+)\.json$/.exec(name)?.[1] ?? []).toSorted((a, b) => Number(a) - Number(b))
}

function answerOf(folder: string, id: string): string {
  return join(folder, `${id}.answer.json`)
}

async function readQuestion(folder: string, id: string): Promise<OpenQuestion | undefined> {
  const text = await readFile(join(folder, `${id}.json`), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const question: Omit<OpenQuestion, 'id'> = JSON.parse(text)
  return { id, ...question }
}

async function readAnswer(file: string): Promise<GivenAnswer | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Creates a file with all its content at once; false when it is there already. */
export async function create(file: string, content: object): Promise<boolean> {
  const draft = draftOf(file)
  try {
    await writeFile(draft, `${JSON.stringify(content)}\n`)
    await link(shareFile(draft), file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}
