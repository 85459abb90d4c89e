import { defineCommand } from 'citty'
import pc from 'picocolors'
import { findWaitingStep, UsageError } from '../../../operate/index.ts'
import { createPorts } from '../../ports.ts'
import { print } from '../../print.ts'
import { ask } from '../../prompts/ask.ts'
import { showBlock } from '../../prompts/ask-about-step.ts'

/** `handbook runs approve`: allows a dangerous step for which the run of somebody else waits. */
export const approve = defineCommand({
  meta: {
    name: 'approve',
    description: `Allow a dangerous step for which the run of somebody else waits: sign it with an SSH key

  handbook runs approve 20261122-031502-k7f2 purge-partials --key ~/.ssh/id_ed25519

The key must be one of the environment's approvers in handbook.yaml; a public key is enough when
the SSH agent has the private one. The step is shown before you sign.

Exit code: 0 approved; 2 nothing to approve; 3 refused; 130 not approved.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    step: { type: 'positional', required: true, description: 'The step’s id' },
    key: { type: 'string', required: true, description: 'Your SSH key', valueHint: 'FILE' },
    yes: { type: 'boolean', description: 'Sign without being asked' },
  },
  async run({ args }) {
    const { step, text, nobodyWaits, sign } = await findWaitingStep(args.run, args.step, createPorts())
    print(`${pc.bold(step.title)}\n\n${text}\n`)
    showBlock(step.block.code)
    if (nobodyWaits !== undefined) print(`${pc.yellow('!')} ${nobodyWaits}\n`)
    if (!args.yes && !(await agree())) return 130
    print(`${pc.green('✓')} approved by ${await sign(args.key)}\n`)
    return 0
  },
})

async function agree(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('There is no terminal to ask in', 'Say --yes once you have read it')
  const { confirm } = await import('@clack/prompts')
  const message = 'Allow this step to run?'
  return (await ask(signal => confirm({ message, initialValue: false, signal }), new AbortController().signal)) === true
}
