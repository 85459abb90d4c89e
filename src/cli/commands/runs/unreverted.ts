import { defineCommand } from 'citty'
import pc from 'picocolors'
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
    if (args.json) process.stdout.write(`${JSON.stringify({ unreverted: changes })}\n`)
    else if (changes.length === 0) print(`Nothing is unreverted${args.env ? ` in ${args.env}` : ''}\n`)
    else print(describe(changes))
    return 0
  },
})

function describe(changes: readonly PlacedChange[]): string {
  const lines = changes.flatMap(({ run, page, environment, started, title, step, undoneBy, interrupted }, index) => {
    const first = run !== changes[index - 1]?.run
    const moment = `${formatMoment(started, new Date())} ${nameZone(new Date(started))}`
    const how = undoneBy === undefined ? '' : pc.dim(`, reverted by #${undoneBy}`)
    const last = run !== changes[index + 1]?.run
    const canBe = interrupted || changes.some(change => change.run === run && change.undoneBy !== undefined)
    return [
      ...(first ? [`${pc.bold(page)} in ${environment}, ${moment}, run ${run}`] : []),
      `  ${pc.yellow('•')} ${title} ${pc.dim(`#${step}`)}${how}${interrupted ? '; it may be only partially done' : ''}`,
      ...(last ? [canBe ? `  Roll back: handbook runs roll-back ${run}` : '  No step of the page reverts it'] : []),
    ]
  })
  return `${lines.join('\n')}\n`
}
