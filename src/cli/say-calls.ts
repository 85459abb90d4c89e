import { formatDuration } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { type Calls, findCalls, readOnCall } from '../operate/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { paint } from './print.ts'

/** Whom to call about a page, in lines for a terminal: its owner first. A page outside any handbook has nobody. */
export async function sayWhomToCall({ owner }: Procedure, handbook: Handbook | undefined): Promise<string> {
  if (!handbook) return ''
  const now = new Date()
  const { owners } = handbook.file
  const others = Object.keys(owners).filter(team => team !== owner)
  const teams = owner === undefined ? others : [owner, ...others]
  return sayCalls(findCalls(await readOnCall(handbook, { env: process.env, now }), owners, now, teams), now)
}

function sayCalls({ state, why, written, old, people, nobody, outside }: Calls, now: Date): string {
  if (state === 'not-said') return paint.dim('Whom to call: handbook.yaml names no rota (onCall)\n')
  if (state === 'unknown') return `${paint.red('✗')} Whom to call is unknown. ${why}\n`
  const age = formatDuration(Math.max(1000, now.getTime() - Date.parse(written ?? '')))
  const lines = [
    `${paint.bold('Whom to call now')}, by a rota written ${age} ago${old ? paint.yellow(' — it is old: somebody else may be on call') : ''}`,
    ...people.map(({ team, name, telephone, after }) => `  ${team}: ${name}, ${telephone}${sayAfter(after)}`),
    ...nobody.map(team => `  ${paint.yellow('!')} ${team}: nobody is on call now`),
    ...outside.map(one => `  ${one.name}: ${one.telephone}, ${one.for}`),
  ]
  return `${lines.join('\n')}\n`
}

function sayAfter(minutes: number): string {
  return minutes === 0 ? '' : `, after ${minutes} min without an answer`
}
