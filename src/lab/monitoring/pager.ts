import { execPath } from 'node:process'
import { bundle } from '../deployment/programs.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import type { LabProgram } from '../processes/managed-process.ts'
import { answers } from '../processes/wait-until.ts'

/** What gets the notifications of Alertmanager in place of telephones and chats, and counts them. */
export function pagerProgram(plan: LabPlan): LabProgram {
  const { paths, ports, env, pagerUrl } = plan
  return {
    name: 'pager',
    command: [execPath, bundle(plan, 'lab/pager.cjs'), '--port', String(ports.pager)],
    cwd: paths.directory,
    env,
    log: logPath(plan, 'pager'),
    isReady: () => answers(pagerUrl),
  }
}
