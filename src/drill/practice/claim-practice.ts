import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { signalProcess } from '../../base/index.ts'
import { type Actor, judgeActor } from '../../journal/index.ts'
import { UsageError } from '../../operate/index.ts'

/** Notes that somebody practises in a handbook. Throws a `UsageError` when somebody else does. Gives what takes the note away. */
export async function claimPractice(root: string, by: Actor): Promise<() => Promise<void>> {
  const file = nameClaim(root)
  const holder = await readHolder(file)
  if (holder && judgeActor(holder) !== 'gone')
    throw new UsageError(
      `${holder.user}@${holder.host} practises in this handbook already`,
      'Wait, or give that practice up: handbook practise --give-up',
    )
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(by)}\n`)
  return () => rm(file, { force: true })
}

/** Tells the practice that goes on in a handbook to give up. Throws a `UsageError` when there is none, or not on this machine. */
export async function giveUpPractice(root: string): Promise<Actor> {
  const holder = await readHolder(nameClaim(root))
  const state = holder && judgeActor(holder)
  if (!holder || state === 'gone')
    throw new UsageError('Nobody practises in this handbook', 'What the lab still has of a fault: handbook lab status')
  if (state === 'elsewhere' || holder.start === undefined)
    throw new UsageError(`The practice goes on as process ${holder.pid} of ${holder.host}`, 'Press Ctrl-C there')
  signalProcess({ pid: holder.pid, start: holder.start }, 'SIGINT')
  return holder
}

function nameClaim(root: string): string {
  return join(root, '.handbook', 'practice.json')
}

async function readHolder(file: string): Promise<Actor | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    const { user, host, pid, start }: Record<string, unknown> = JSON.parse(text)
    if (typeof user !== 'string' || typeof host !== 'string' || typeof pid !== 'number') return undefined
    return { user, host, pid, ...(typeof start === 'string' ? { start } : {}) }
  } catch {
    return undefined
  }
}
