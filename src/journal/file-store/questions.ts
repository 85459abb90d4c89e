import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AskedQuestion, GivenAnswer, OpenQuestion, Question } from '../question.ts'
import { draftOf } from './places.ts'

/** Milliseconds between two looks for an answer. */
const LOOK_EVERY = 250

/** Asks a question: a numbered file, beside which its answer is put. */
export async function askQuestion(folder: string, question: Question, now: () => Date): Promise<AskedQuestion> {
  await mkdir(folder, { recursive: true })
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
  return (await create(answerOf(folder, id), answer)) ? 'accepted' : 'answered'
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
async function create(file: string, content: object): Promise<boolean> {
  const draft = draftOf(file)
  try {
    await writeFile(draft, `${JSON.stringify(content)}\n`)
    await link(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}
