import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import type { Episode } from './evaluate-rules.ts'

/** A notification that begins: somebody is woken, or a ticket is made. */
export interface Notification {
  readonly receiver: string
  /** The minute of the week in which it goes out. */
  readonly minute: number
  readonly alerts: readonly string[]
}

/** As Alertmanager's configuration is written. */
interface Route {
  readonly receiver?: string
  readonly matchers?: readonly string[]
  readonly group_by?: readonly string[]
  readonly routes?: readonly Route[]
}

interface Inhibition {
  readonly source_matchers: readonly string[]
  readonly target_matchers: readonly string[]
  readonly equal?: readonly string[]
}

/**
 * Who is notified of these alerts, by the routes, groups and inhibitions of a configuration. It is a model of Alertmanager, in minutes: a
 * group waits one of them, notifies of what is not inhibited then, and does so again only after all of it has ended. The pager's own
 * repetitions of what nobody has mended are no further wakes. Throws when amtool routes an alert to another receiver than the model.
 */
export async function countNotifications(file: string, episodes: readonly Episode[]): Promise<readonly Notification[]> {
  const { route, inhibit_rules = [] }: { route: Route; inhibit_rules?: readonly Inhibition[] } = parse(
    await readFile(file, 'utf8'),
  )
  const groups = new Map<string, Episode[]>()
  for (const episode of episodes) {
    const { receiver = '', group_by = [] } = findRoute(route, episode.labels)
    await checkReceiver(file, episode.labels, receiver)
    const key = JSON.stringify([receiver, ...group_by.map(name => [name, episode.labels[name]])])
    groups.set(key, [...(groups.get(key) ?? []), episode])
  }
  const isInhibited = (target: Episode, minute: number) =>
    inhibit_rules.some(rule => {
      if (!matches(rule.target_matchers, target.labels)) return false
      return episodes.some(
        source =>
          fires(source, minute) &&
          matches(rule.source_matchers, source.labels) &&
          (rule.equal ?? []).every(name => source.labels[name] === target.labels[name]),
      )
    })
  return [...groups].flatMap(([key, members]) => {
    const [receiver = ''] = JSON.parse(key)
    return notify(String(receiver), members, isInhibited)
  })
}

function notify(
  receiver: string,
  members: readonly Episode[],
  isInhibited: (target: Episode, minute: number) => boolean,
): readonly Notification[] {
  const sent: Notification[] = []
  const [begins, ends] = [Math.min(...members.map(({ from }) => from)), Math.max(...members.map(({ to }) => to))]
  let [waits, told] = [false, false]
  for (let minute = begins; minute <= ends; minute++) {
    const firing = members.filter(member => fires(member, minute))
    const loud = firing.filter(member => !isInhibited(member, minute))
    if (firing.length === 0) told = false
    if (loud.length > 0 && waits && !told) {
      told = true
      sent.push({ receiver, minute, alerts: [...new Set(loud.map(({ labels }) => labels.alertname ?? ''))] })
    }
    waits = firing.length > 0
  }
  return sent
}

function fires({ from, to }: Episode, minute: number): boolean {
  return from <= minute && minute <= to
}

type Labels = Readonly<Record<string, string>>

/** The deepest route that takes an alert, with what it has from those above it. */
function findRoute(route: Route, labels: Labels): Route {
  const next = route.routes?.find(({ matchers = [] }) => matches(matchers, labels))
  if (!next) return route
  const { receiver, group_by } = { ...route, ...next }
  return findRoute({ ...next, ...(receiver && { receiver }), ...(group_by && { group_by }) }, labels)
}

function matches(matchers: readonly string[], labels: Labels): boolean {
  return matchers.every(matcher => {
    const [, name = '', operator = '', value = ''] = /^\s*(\w+)\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$/.exec(matcher) ?? []
    const isMatched = operator.endsWith('~')
      ? new RegExp(`^(?:${value})$`).test(labels[name] ?? '')
      : (labels[name] ?? '') === value
    return operator.startsWith('!') ? !isMatched : isMatched
  })
}

async function checkReceiver(file: string, labels: Labels, receiver: string): Promise<void> {
  const words = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  const { stdout } = await promisify(execFile)('amtool', [
    'config',
    'routes',
    'test',
    `--config.file=${file}`,
    ...words,
  ])
  if (stdout.trim() !== receiver)
    throw new Error(`amtool routes ${words.join(' ')} to ${stdout.trim()}, and not to ${receiver}`)
}
