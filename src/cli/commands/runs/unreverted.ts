import { defineCommand } from 'citty'
import pc from 'picocolors'
import { formatJson } from '../../../base/index.ts'
import { listUnrevertedAround, type PlacedChange } from '../../../operate/index.ts'
import { formatMoment, nameZone } from '../../../report/index.ts'
import { createPorts } from '../../ports.ts'
import { print } from '../../print.ts'

/** `handbook runs unreverted`: what runs changed, and nobody has reverted. */
export const unreverted = defineCommand({
  meta: {
    name: 'unreverted',
    description: `What runs changed here, and nobody has reverted

  handbook runs unreverted
  handbook runs unreverted --env production
  handbook runs unreverted --json | jq '.unreverted | length'

A change that healed, and that its page undoes on a condition only (when=), is none of them.`,
  },
  args: {
    env: { type: 'string', description: 'Only of this environment', valueHint: 'NAME' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    const changes = await listUnrevertedAround(args.env, createPorts())
    if (args.json) process.stdout.write(`${formatJson({ unreverted: changes })}\n`)
    else if (changes.length === 0) print(`Nothing is unreverted${args.env ? ` in ${args.env}` : ''}\n`)
    else print(describe(changes))
    return 0
  },
})

function describe(changes: readonly PlacedChange[]): string {
  const lines = changes.flatMap((change, index) => {
    const { run } = change
    const first = run !== changes[index - 1]?.run
    const last = run !== changes[index + 1]?.run
    return [
      ...(first ? [describeRun(change)] : []),
      `  ${pc.yellow('•')} ${describeOne(change)}`,
      ...(last
        ? describeWay(
            run,
            changes.filter(one => one.run === run),
          )
        : []),
    ]
  })
  return `${lines.join('\n')}\n`
}

function describeRun({ run, page, environment, started }: PlacedChange): string {
  const moment = started === '' ? '' : `${formatMoment(started, new Date())} ${nameZone(new Date(started))}`
  if (environment === '') return `${pc.bold('An unknown page')} in an unknown environment, ${moment}, run ${run}`
  return `${pc.bold(page)} in ${environment}, ${moment}, run ${run}`
}

function describeOne({ title, step, undoneBy, interrupted, unknown }: PlacedChange): string {
  if (unknown !== undefined) return `What it changed is unknown, and may be unreverted: ${unknown}`
  const how = undoneBy === undefined ? '' : pc.dim(`, reverted by #${undoneBy}`)
  return `${title} ${pc.dim(`#${step}`)}${how}${interrupted ? '; it may be only partially done' : ''}`
}

function describeWay(run: string, changes: readonly PlacedChange[]): string[] {
  if (changes.some(({ unknown }) => unknown !== undefined)) return [`  Look at it: handbook runs show ${run}`]
  const canBe = changes.some(({ interrupted, undoneBy }) => interrupted || undoneBy !== undefined)
  return [canBe ? `  Roll back: handbook runs roll-back ${run}` : '  No step of the page reverts it']
}
