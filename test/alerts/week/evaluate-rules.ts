import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import type { Sample, Series } from './simulate-week.ts'
import { WEEK } from './timeline.ts'

/** An alert while it fired without a pause. */
export interface Episode {
  readonly labels: Readonly<Record<string, string>>
  /** The first and the last minute of the week in which it fired. */
  readonly from: number
  readonly to: number
}

/**
 * Lets promtool evaluate a file of rules once a minute over these series, at production's scale, as Prometheus would. Returns when which
 * alert fired, up to the minute `until`. It works in `folder`.
 */
export async function evaluateRules(
  rules: string,
  series: Series,
  folder: string,
  until = WEEK,
): Promise<readonly Episode[]> {
  const file = join(folder, 'week.test.yaml')
  const test = {
    interval: '1m',
    input_series: [...series].map(([name, samples]) => ({ series: name, values: spell(samples.slice(0, until + 1)) })),
    // It is said that nothing fires: promtool tells every minute in which this is not so, and what fires.
    promql_expr_test: Array.from({ length: until }, (_, minute) => ({ expr: FIRING, eval_time: `${minute}m` })),
  }
  await writeFile(file, stringify({ rule_files: [resolve(rules)], evaluation_interval: '1m', tests: [test] }))
  const said = await promisify(execFile)('promtool', ['test', 'rules', file], {
    maxBuffer: 2 ** 28,
    env: { ...process.env, GOGC: '400' },
  }).then(
    () => '',
    ({ code, stderr }) => {
      if (code === 1 && stderr.includes(FIRING.slice(0, 6))) return String(stderr)
      throw new Error(`promtool did not evaluate the week: ${stderr.slice(0, 2000)}`)
    },
  )
  return joinMinutes(readFiring(said))
}

const FIRING = 'ALERTS{alertstate="firing"}'

/** The samples as promtool reads them. What a scrape does not find any more, Prometheus marks as stale. */
function spell(samples: readonly Sample[]): string {
  let isThere = false
  return samples
    .map(sample => {
      if (sample === 'gap') return '_'
      if (sample === undefined && !isThere) return '_'
      isThere = sample !== undefined
      return sample === undefined ? 'stale' : String(Number(sample.toPrecision(12)))
    })
    .join(' ')
}

/** The labels of what fires, by the minute. */
function readFiring(said: string): ReadonlyMap<number, readonly Readonly<Record<string, string>>[]> {
  const found = new Map<number, Readonly<Record<string, string>>[]>()
  for (const [, time = '', got = ''] of said.matchAll(/time: (\S+),\s*exp:\s*\S+\s*got:\s*(.*)/g)) {
    const minute = readMinutes(time)
    const alerts = [...got.matchAll(/\{((?:[^{}"]|"(?:[^"\\]|\\.)*")*)\}/g)].map(([, labels = '']) =>
      Object.fromEntries(
        [...labels.replaceAll('\\"', '"').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
          name,
          value,
        ]),
      ),
    )
    found.set(minute, alerts)
  }
  return found
}

function readMinutes(time: string): number {
  const [, days = '0', hours = '0', minutes = '0'] = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?/.exec(time) ?? []
  return (Number(days) * 24 + Number(hours)) * 60 + Number(minutes)
}

function joinMinutes(firing: ReadonlyMap<number, readonly Readonly<Record<string, string>>[]>): readonly Episode[] {
  const open = new Map<string, Episode>()
  const episodes: Episode[] = []
  for (const [minute, alerts] of [...firing].sort(([one], [other]) => one - other)) {
    for (const { __name__, alertstate, ...labels } of alerts) {
      const key = JSON.stringify(labels)
      const last = open.get(key)
      if (last && last.to === minute - 1) open.set(key, { ...last, to: minute })
      else {
        if (last) episodes.push(last)
        open.set(key, { labels, from: minute, to: minute })
      }
    }
  }
  return [...episodes, ...open.values()].sort((one, other) => one.from - other.from)
}
