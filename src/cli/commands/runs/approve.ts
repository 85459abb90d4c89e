import { defineCommand } from 'citty'
import pc from 'picocolors'
import { readHistory } from '../../../journal/index.ts'
import { callKeygen, NAMESPACE, verifyApproval } from '../../../runner/index.ts'
import { showBlock } from '../../prompts/show-block.ts'
import { UsageError } from '../../usage-error.ts'
import { findRun } from './find-run.ts'
import { openRecorded } from './open-recorded.ts'
import { refuse } from './refuse.ts'

/** `handbook runs approve`: allows a dangerous step that somebody else's run waits with. */
export const approve = defineCommand({
  meta: {
    name: 'approve',
    description: `Allow a dangerous step that somebody else's run waits with, by signing it with an SSH key

  handbook runs approve 20261122-031502-k7f2 purge-partials --key ~/.ssh/id_ed25519

The key must be one of the environment's approvers in handbook.yaml; a public key is enough when
the SSH agent has the private one. What is signed is shown before.

Exit code: 0 approved, 2 nothing to approve, 3 refused, 130 thought better of.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    step: { type: 'positional', required: true, description: 'The step’s id' },
    key: { type: 'string', required: true, description: 'Your SSH key', valueHint: 'FILE' },
    yes: { type: 'boolean', description: 'Sign without being asked' },
  },
  async run({ args }) {
    const { store, recording } = await findRun(args.run)
    const history = readHistory(recording.events)
    if (!history) throw new UsageError(`The ledger of ${args.run} has no start event, so it is not known what ran`)
    const text = await store.readApprovalRequest(args.run, args.step)
    if (text === undefined) throw new UsageError(`Run ${args.run} asks for no approval of ${args.step}`)
    const { procedure, environment } = await openRecorded(history)
    const step = procedure.phases.flatMap(phase => phase.steps).find(({ id }) => id === args.step)
    if (!step || !text.includes(`\nblock       ${step.block.hash}\n`))
      return refuse({
        message: `The block of #${args.step} is not the one on this page`,
        hint: 'Bring your copy of the handbook to the state of theirs',
      })
    process.stdout.write(`${pc.bold(step.title)}\n\n${text}\n`)
    showBlock(step.block.code, Number.POSITIVE_INFINITY)
    if (!args.yes && !(await agree())) return 130
    const signed = await callKeygen(['-Y', 'sign', '-f', args.key, '-n', NAMESPACE], text)
    if (signed.code !== 0)
      return refuse({ message: `ssh-keygen could not sign: ${signed.stderr.trim().split('\n').at(-1)}` })
    const verdict = await verifyApproval(environment, history.by.user, text, signed.stdout)
    if ('problem' in verdict) return refuse({ message: `This approves nothing: ${verdict.problem}` })
    await store.approve(args.run, args.step, signed.stdout)
    process.stdout.write(`${pc.green('✓')} approved by ${verdict.approver}\n`)
    return 0
  },
})

async function agree(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('There is no terminal to ask in', 'Say --yes once you have read it')
  const { confirm } = await import('@clack/prompts')
  return (await confirm({ message: 'Allow this step to run?', initialValue: false })) === true
}
