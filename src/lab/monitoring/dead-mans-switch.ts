import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { execPath } from 'node:process'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import type { LabProgram } from '../processes/managed-process.ts'
import { DEAD_MANS_SWITCH } from './alertmanager-config.ts'

/** The longest silence, in seconds of production. */
const SILENCE = 600

/**
 * The dead man's switch that is published with the rules: it waits for the alert that always fires, and tells the lab's pager instead of waking somebody. Nothing where
 * the rules come without one.
 */
export function deadMansSwitchProgram(plan: LabPlan): LabProgram | undefined {
  const { paths, ports, rules, env, timeScale, deadMansSwitchUrl } = plan
  const program = resolve(rules, 'dead-mans-switch.mjs')
  if (!existsSync(program)) return undefined
  return {
    name: 'dead-mans-switch',
    command: [
      execPath,
      program,
      `--listen=127.0.0.1:${ports['dead-mans-switch']}`,
      '--alert=Watchdog',
      `--silence=${SILENCE / timeScale}`,
      '--',
      execPath,
      '--eval',
      tellPager(plan),
    ],
    cwd: paths.directory,
    env,
    log: logPath(plan, 'dead-mans-switch'),
    isReady: () => isListening(deadMansSwitchUrl),
  }
}

/** The command that wakes somebody elsewhere. */
function tellPager({ pagerUrl }: LabPlan): string {
  const labels = { alertname: 'Watchdog', severity: 'critical' }
  const body = JSON.stringify({ groupKey: 'silence', alerts: [{ status: 'firing', labels }] })
  const call = `fetch(${JSON.stringify(`${pagerUrl}/${DEAD_MANS_SWITCH}`)}, ${JSON.stringify({ method: 'POST', body })})`
  return `${call}.then(({ ok }) => process.exit(ok ? 0 : 1))`
}

/** It answers 503 while it hears nothing. */
async function isListening(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    () => false,
  )
}
