import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll } from 'vitest'
import type { Environment } from '../../src/environments/index.ts'
import { startLab } from '../../src/lab/index.ts'
import type { RunningLab } from '../../src/lab/status.ts'
import { labEnvironment } from '../../src/lab-port/index.ts'
import { buildBundles } from '../lab/bundles.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { type DoneRun, tell } from '../runner/run-page.ts'

/** A lab of a test file's own, with Prometheus and Alertmanager when it is asked for, in which guides run as they are published. */
export function provideLab({ monitoring = false } = {}) {
  const runs = provideRuns()
  let bundles: Awaited<ReturnType<typeof buildBundles>> | undefined
  let directory = ''
  let lab: RunningLab | undefined
  const get = () => {
    if (lab === undefined) throw new Error('the lab is not up yet')
    return lab
  }
  beforeAll(async () => {
    bundles = await buildBundles()
    directory = await mkdtemp(join(tmpdir(), 'guides-'))
    const options = { directory, bundles: bundles.folder, rules: 'static/monitoring', prometheus: monitoring }
    lab = await startLab({ ...options, log: () => undefined })
  }, 240_000)
  afterAll(async () => {
    await lab?.down()
    await rm(directory, { recursive: true, force: true })
    await bundles?.remove()
  })
  /** What every run of a page in this lab has, where some things of the environment may be otherwise. */
  const optionsOf = (
    path: string,
    change: (environment: Environment) => Partial<Environment> = () => ({}),
    secrets: Record<string, string> = {},
  ) => ({
    page: path,
    environment: { ...labEnvironment(get().status()), ...change(labEnvironment(get().status())) },
    secrets: { readKey: readFileSync(get().status().readKeyFile, 'utf8').trim(), ...secrets },
    cwd: process.cwd(),
  })
  return {
    lab: get,
    /** The folder of the lab. */
    directory: () => directory,
    /** Runs a page, or one step of it, where some things of the environment may be otherwise. */
    run: (
      path: string,
      params: Record<string, string> = {},
      only?: string,
      change: (environment: Environment) => Partial<Environment> = () => ({}),
      secrets: Record<string, string> = {},
    ): Promise<DoneRun> =>
      runs.run(readFileSync(path, 'utf8'), {
        ...optionsOf(path, change, secrets),
        params,
        ...(only === undefined ? {} : { only }),
      }),
    /** Takes a step back of a run that is over, by the step that undoes it. */
    rollBack: (path: string, { folder }: DoneRun, by: string, params: Record<string, string> = {}): Promise<DoneRun> =>
      runs.run(readFileSync(path, 'utf8'), { ...optionsOf(path), params, rollsBack: folder, rollsBackBy: by }),
    async bridgectl(...args: string[]): Promise<unknown> {
      const { binPath, configPath, url } = get().status()
      const env = { UPLOAD_BRIDGE_CONFIG: configPath, UPLOAD_BRIDGE_URL: url }
      return JSON.parse((await execa(join(binPath, 'bridgectl'), [...args, '--json'], { env })).stdout)
    },
  }
}

/** What a step of a run gave. */
export function readValue({ events }: DoneRun, step: string): unknown {
  return events.flatMap(event => (event.type === 'step.finished' && event.step === step ? [event.value] : [])).at(-1)
}

/** What its steps printed. */
export function readText({ events }: DoneRun): string {
  return events.flatMap(event => (event.type === 'step.output' ? [event.text] : [])).join('')
}

/** How it went, for the message of a failed expectation. */
export function tellRun(run: DoneRun): string {
  return `${tell(run.events).join('\n')}\n${readText(run)}`
}
