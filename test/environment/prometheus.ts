import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, vi } from 'vitest'
import { z } from 'zod'
import { freePort } from './alertmanager.ts'

/** A series as text, `up{job="api"}`, and its value so many seconds ago; nothing where it has none. */
export type Series = readonly [series: string, valueAt: (secondsAgo: number) => number | undefined]

/** How far back it remembers, and the time between two samples, in seconds. */
interface Memory {
  readonly span: number
  readonly every: number
}

/** A real Prometheus that remembers these series, of the last 15 minutes unless said, evaluates these rules, and scrapes nobody. */
export async function startPrometheus(
  series: readonly Series[],
  memory: Memory = { span: 900, every: 5 },
  rules = 'groups: []\n',
): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'))
  await writeFile(join(folder, 'rules.yml'), rules)
  await writeFile(join(folder, 'prometheus.yml'), 'rule_files: [rules.yml]\n')
  const text = writeOpenMetrics(series, Math.round(Date.now() / 1000), memory)
  if (text !== '') {
    await writeFile(join(folder, 'metrics.txt'), `${text}# EOF\n`)
    await promisify(execFile)('promtool', [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      join(folder, 'metrics.txt'),
      join(folder, 'data'),
    ])
  }
  const { child, url } = await startOn(folder)
  return {
    url,
    async stop() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Starts it on a free port, and on another one when somebody was faster: whoever answers there may be the Prometheus of another test. */
async function startOn(folder: string): Promise<{ child: ChildProcess; url: string }> {
  for (;;) {
    const url = `http://127.0.0.1:${await freePort()}`
    const data = join(folder, 'data')
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=${new URL(url).host}`,
      ],
      { stdio: 'ignore' },
    )
    const isReady = async () => {
      if (child.exitCode !== null) return true
      expect((await fetch(`${url}/-/ready`)).status).toBe(200)
      return false
    }
    const isGone = await vi.waitFor(isReady, { timeout: 60_000 })
    const flags = z.object({ data: z.record(z.string(), z.string()) })
    const answer = isGone ? undefined : await (await fetch(`${url}/api/v1/status/flags`)).json()
    if (answer !== undefined && flags.parse(answer).data['storage.tsdb.path'] === data) return { child, url }
    child.kill()
  }
}

/** The last value stays for the minutes that a test takes. */
function writeOpenMetrics(series: readonly Series[], now: number, { span, every }: Memory): string {
  const names = [...new Set(series.map(([name]) => name.replace(/\{.*/, '')))]
  const lines = names.flatMap(name => [
    `# TYPE ${name} gauge\n`,
    ...series
      .filter(([text]) => text.replace(/\{.*/, '') === name)
      .flatMap(([text, valueAt]) => {
        const times = Array.from({ length: span / every + 60 }, (_, index) => span - every * index)
        return times.flatMap(ago => {
          const value = valueAt(Math.max(0, ago))
          return value === undefined ? [] : [`${text} ${value} ${now - ago}\n`]
        })
      }),
  ])
  return lines.join('')
}
