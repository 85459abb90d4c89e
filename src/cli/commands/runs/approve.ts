import { defineCommand } from 'citty'
import pc from 'picocolors'
import { formatDuration } from '../../../base/index.ts'
import { findWaitingStep, UsageError, type WaitingStep } from '../../../operate/index.ts'
import { wrapText } from '../../../report/index.ts'
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
the SSH agent has the private one. The step is shown before you sign: why it is to run, what
cannot be undone, how long the run has waited, its block, and the rest in a line each.

Exit code: 0 approved; 2 nothing to approve; 3 refused; 130 not approved.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    step: { type: 'positional', required: true, description: 'The step’s id' },
    key: { type: 'string', required: true, description: 'Your SSH key', valueHint: 'FILE' },
    all: { type: 'boolean', description: 'Show all of what is signed, to the letter' },
    yes: { type: 'boolean', description: 'Sign without being asked' },
  },
  async run({ args }) {
    const waiting = await findWaitingStep(args.run, args.step, createPorts())
    print(describeWaiting(waiting, process.stdout.columns || 80))
    showBlock(waiting.step.block.code)
    const { text, nobodyWaits, asksAnew, sign } = waiting
    print(`\n${args.all ? text : foldRequest(text, process.stdout.columns || 80)}`)
    for (const note of [nobodyWaits, asksAnew]) if (note !== undefined) print(`${pc.yellow('!')} ${note}\n`)
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

/** What decides comes first: why it is to run, what cannot be undone, what it touches, and how long somebody has waited. */
function describeWaiting(waiting: WaitingStep, columns: number): string {
  const { step, environment, by, why, touches, usualMost, waits, endsIn, nobodyWaits } = waiting
  const ends = endsIn === undefined || endsIn <= 0 ? '' : `; the request ends in ${formatDuration(endsIn)}`
  const wrap = (text: string) => wrapText(text, columns).join('\n')
  const more = (touches?.length ?? 0) - NAMED
  const named = touches?.slice(0, NAMED).join(', ')
  return [
    pc.bold(wrap(`${step.title} · ${step.risk} in ${environment}`)),
    ...[step.block.prose, why === undefined ? undefined : `Why now: ${why}`].flatMap(text => (text ? wrap(text) : [])),
    step.irreversible === undefined
      ? 'The page does not say that it cannot be undone.'
      : pc.yellow(wrap(`Cannot be undone: ${step.irreversible}`)),
    ...(touches
      ? [wrap(`It touches ${touches.length}, no more: ${named}${more > 0 ? `, and ${more} more` : ''}`)]
      : []),
    ...(usualMost === undefined ? [] : [pc.yellow(wrap(`More than usual: ${usualMost} is the page’s usual most`))]),
    ...(waits === undefined || nobodyWaits !== undefined
      ? []
      : [wrap(`${by} has waited for ${formatDuration(waits)}${ends}`)]),
    '',
    '',
  ].join('\n')
}

/** The first things of a plan that are named. */
const NAMED = 10

/** What is signed, in a line for each kind of thing; a line that is longer than the terminal ends in “…”. */
function foldRequest(text: string, columns: number): string {
  const kinds = new Map<string, string[]>()
  for (const line of text.trimEnd().split('\n').slice(1)) {
    const label = line.slice(0, 12).trimEnd()
    kinds.set(label, [...(kinds.get(label) ?? []), line.slice(12)])
  }
  const lines = [...kinds].map(([label, values]) => {
    const [first = ''] = values
    const names = values.map(value => value.split(': ')[0]).join(', ')
    const line = `${label.padEnd(12)}${values.length === 1 ? first : `${values.length}: ${names}`}`
    return line.length > columns ? `${line.slice(0, columns - 1)}…` : line
  })
  return `${lines.join('\n')}\n${pc.dim('All of it, to the letter: --all')}\n`
}
