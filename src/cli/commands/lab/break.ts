import { defineCommand } from 'citty'
import { connectLab, faults, mutations } from '../../../lab/index.ts'
import { demandFault } from '../../demand-fault.ts'
import { findLab, labArgs } from './lab-args.ts'
import { reporting, sayNoLab } from './reporting.ts'

/** `handbook lab break FAULT`: returns when the fault is in effect. */
export const breakFault = defineCommand({
  meta: {
    name: 'break',
    description: 'Break the lab in a real way, as in: handbook lab break downstream-hanging',
  },
  args: {
    fault: {
      type: 'positional',
      required: true,
      description: `One of ${names(faults)}; or, to see a check of the assessment fail: ${names(mutations)}`,
    },
    ...labArgs,
  },
  run: ({ args }) =>
    reporting(async () => {
      demandFault(args.fault)
      const directory = await findLab(args)
      const lab = await connectLab(directory)
      if (!lab) return sayNoLab(directory)
      if (process.stderr.isTTY) process.stderr.write(`Breaking it: ${args.fault} …\n`)
      await lab.break(args.fault)
      const { faults: broken } = await lab.status()
      process.stdout.write(args.json ? `${JSON.stringify({ faults: broken })}\n` : `In effect: ${broken.join(', ')}\n`)
      return 0
    }),
})

function names(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => name).join(', ')
}
