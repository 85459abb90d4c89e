import { rm } from 'node:fs/promises'
import { describeFailure } from '../base/index.ts'
import { type Lab, labEnvironment, startLab } from '../lab/index.ts'
import type { LabWorld } from '../operate/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { CheckResult, Trial } from '../readiness/index.ts'
import { chooseInSight, keepWithSources } from './choose-in-sight.ts'
import { measureChecks } from './measure-checks.ts'
import type { TrialListener } from './trial-listener.ts'

/** Tries mutations in a lab, healed after each; a mutation that leaves something behind costs a new lab. */
export async function tryInLab(
  pages: readonly Procedure[],
  names: readonly string[],
  world: LabWorld,
  listener: TrialListener,
): Promise<Trial[]> {
  const { directory, bundles, rules, timeScale, signal, prometheus } = world
  const start = () => {
    const options = { directory, bundles, rules, timeScale, signal, log: () => undefined }
    return startLab(prometheus === undefined ? options : { ...options, prometheus })
  }
  const trials: Trial[] = []
  listener.say('A lab comes up')
  let lab = await start()
  try {
    listener.say('Control: every check on the unbroken lab')
    const control = await measureChecks(pages, labEnvironment(lab.status()), world)
    for (const mutation of names) {
      if (signal.aborted) break
      const begun = performance.now()
      const { trial, healed } = await tryOne(lab, chooseInSight(pages, mutation, control), mutation, control, world)
      if (signal.aborted) break
      trials.push(trial)
      listener.tried(trial, (performance.now() - begun) / 1000)
      if (healed) continue
      listener.say(`${mutation} left something behind: another lab comes up`)
      await lab.down({ now: true })
      lab = await start()
    }
    return trials
  } finally {
    await lab.down({ now: true })
    await rm(directory, { recursive: true, force: true })
  }
}

async function tryOne(
  lab: Lab,
  pages: readonly Procedure[],
  mutation: string,
  control: readonly CheckResult[],
  world: LabWorld,
): Promise<{ trial: Trial; healed: boolean }> {
  const failed = await lab.break(mutation).then(() => undefined, describeFailure)
  const environment = () => labEnvironment(lab.status())
  const broken = failed === undefined ? await measureChecks(pages, environment(), world) : []
  const stuck = await lab.heal(mutation).then(() => undefined, describeFailure)
  const failure =
    failed === undefined ? stuck && `it could not be undone: ${stuck}` : `it could not be brought about: ${failed}`
  const trial = { mutation, control, broken, ...(failure === undefined ? {} : { failure }) }
  if (failure !== undefined) return { trial, healed: false }
  const changed = broken.filter(check => differs(check, control))
  const isChanged = ({ path }: Procedure, id: string) => changed.some(check => check.page === path && check.id === id)
  const touched = keepWithSources(pages, ({ id }, page) => isChanged(page, id))
  const after = await measureChecks(touched, environment(), world)
  return { trial, healed: !after.some(check => differs(check, control)) }
}

function differs(check: CheckResult, control: readonly CheckResult[]): boolean {
  return control.some(({ page, id, result }) => page === check.page && id === check.id && result !== check.result)
}
