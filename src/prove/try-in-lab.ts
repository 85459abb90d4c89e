import { rm } from 'node:fs/promises'
import { describeFailure } from '../base/index.ts'
import type { Environment } from '../environments/index.ts'
import { LabError, labEnvironment } from '../lab-port/index.ts'
import type { LabWorld } from '../operate/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { CheckResult, Trial } from '../readiness/index.ts'
import { chooseInSight, keepWithSources, measureChecks } from './choose-checks.ts'

/** Tries mutations in a lab and heals each one. A mutation that cannot be undone completely costs a new lab. */
export async function tryInLab(
  pages: readonly Procedure[],
  names: readonly string[],
  world: LabWorld,
  listener: TrialListener,
): Promise<Trial[]> {
  const { lab, directory, rules, timeScale, signal, prometheus, profile } = world
  const start = () => {
    const made = profile === undefined ? {} : { profile }
    const options = { directory, rules, timeScale, signal, ...made, log: () => undefined }
    return lab.up(prometheus === undefined ? options : { ...options, prometheus })
  }
  const trials: Trial[] = []
  listener.say('A lab comes up')
  await start()
  try {
    listener.say('Control: every check on the unbroken lab')
    const control = await measureChecks(pages, await openEnvironment(world), world)
    for (const mutation of names) {
      if (signal.aborted) break
      const begun = performance.now()
      const { trial, healed } = await tryOne(chooseInSight(pages, mutation, control), mutation, control, world)
      if (signal.aborted) break
      trials.push(trial)
      listener.tried(trial, (performance.now() - begun) / 1000)
      if (healed) continue
      listener.say(`${mutation} could not be undone completely: another lab comes up`)
      await lab.down(directory, { now: true })
      await start()
    }
    return trials
  } finally {
    await lab.down(directory, { now: true })
    await rm(directory, { recursive: true, force: true })
  }
}

async function tryOne(
  pages: readonly Procedure[],
  mutation: string,
  control: readonly CheckResult[],
  world: LabWorld,
): Promise<{ trial: Trial; healed: boolean }> {
  const { lab, directory } = world
  const { profile } = (await lab.status(directory)) ?? {}
  const failed = await lab.break(directory, mutation).then(() => undefined, describeFailure)
  const broken = failed === undefined ? await measureChecks(pages, await openEnvironment(world), world) : []
  const stuck = await lab.heal(directory, mutation).then(() => undefined, describeFailure)
  const failure =
    failed === undefined ? stuck && `it could not be undone: ${stuck}` : `it could not be brought about: ${failed}`
  const made = profile === undefined ? {} : { profile }
  const trial = { mutation, control, broken, ...made, ...(failure === undefined ? {} : { failure }) }
  if (failure !== undefined) return { trial, healed: false }
  const changed = broken.filter(check => differs(check, control))
  const isChanged = ({ path }: Procedure, id: string) => changed.some(check => check.page === path && check.id === id)
  const touched = keepWithSources(pages, ({ id }, page) => isChanged(page, id))
  const after = await measureChecks(touched, await openEnvironment(world), world)
  return { trial, healed: !after.some(check => differs(check, control)) }
}

async function openEnvironment({ lab, directory }: LabWorld): Promise<Environment> {
  const status = await lab.status(directory)
  if (!status) throw new LabError('stopped', `the lab in ${directory} is not running any more`)
  return labEnvironment(status)
}

function differs(check: CheckResult, control: readonly CheckResult[]): boolean {
  return control.some(({ page, id, result }) => page === check.page && id === check.id && result !== check.result)
}

/** Receives the progress of trials. */
export interface TrialListener {
  say(line: string): void
  /** Called after each mutation. */
  tried(trial: Trial, seconds: number): void
}
