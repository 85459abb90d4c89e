import type { FastifyInstance } from 'fastify'
import { findAwaited } from '../../journal/index.ts'
import { findWaitingStep } from '../../operate/index.ts'
import type { ApprovalView } from '../../wire/index.ts'
import { demandPerson } from '../entrance/sessions.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { findServedRun } from './find-served-run.ts'

/** What an approver has to know of the step that a run waits with. They sign in a terminal, with a key that no server has. */
export function addApproval(app: FastifyInstance, parts: ServerParts): void {
  app.get('/api/runs/:run/approval', async (request): Promise<ApprovalView> => {
    demandPerson(request, parts)
    const { run, recording } = await findServedRun(request, parts)
    const id = findAwaited(recording.events)?.step
    if (id === undefined) throw new Refused(404, 'This run waits for no approval')
    const { handbook, env, practice } = parts
    const waiting = await findWaitingStep(run, id, { cwd: handbook.root, env, practice })
    const { step, environment, by, why, touches, usualMost, endsIn, nobodyWaits } = waiting
    const { secondPersonKey } = await parts.resolve(environment).catch(() => ({ secondPersonKey: undefined }))
    return {
      step: id,
      title: step.title,
      risk: step.risk,
      environment,
      by,
      ...(why === undefined ? {} : { why }),
      ...(step.irreversible === undefined ? {} : { irreversible: step.irreversible }),
      ...(touches === undefined ? {} : { touches }),
      ...(usualMost === undefined ? {} : { usualMost }),
      code: step.block.code,
      ...(endsIn === undefined ? {} : { endsIn }),
      ...(nobodyWaits === undefined ? {} : { nobodyWaits }),
      command: `npx handbook runs approve ${run} ${id} --key ${secondPersonKey ?? '~/.ssh/id_ed25519'}`,
    }
  })
}
