import { defineCommand } from 'citty'
import { connectLab, faults } from '../../../lab/index.ts'
import { examples } from './examples.ts'
import { findLab, labArgs } from './lab-args.ts'
import { reporting, sayNoLab } from './reporting.ts'

/** `handbook lab break FAULT`: returns when the fault is in effect. */
export const breakFault = defineCommand({
  meta: {
    name: 'break',
    description: examples(
      'Break the lab in a real way',
      faults.map(fault => `handbook lab break ${fault.name.padEnd(20)} ${fault.summary}`),
    ),
  },
  args: {
    fault: { type: 'positional', required: true, description: 'What to break' },
    ...labArgs,
  },
  run: ({ args }) =>
    reporting(async () => {
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
