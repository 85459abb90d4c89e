import { defineCommand } from 'citty'
import { print } from '../../print.ts'
import { describeCures, describeLab } from './describe-lab.ts'
import { findLab, labArgs } from './lab-args.ts'
import { reporting } from './reporting.ts'

/** `handbook lab status`. */
export const status = defineCommand({
  meta: {
    name: 'status',
    description: 'Say where a lab is and what is broken, as in: handbook lab status --json | jq -r .url',
  },
  args: labArgs,
  run: ({ args }) =>
    reporting(async () => {
      const { handbook, lab, directory } = await findLab(args)
      const found = await lab.status(directory)
      if (args.json) {
        const down = { state: 'down', directory, faults: [], processes: [] }
        process.stdout.write(`${JSON.stringify(found ?? down)}\n`)
      } else if (found) print(describeLab(lab, found, await describeCures(handbook, found.faults)))
      else print(`no lab runs in ${directory}\n`)
      return 0
    }),
})
