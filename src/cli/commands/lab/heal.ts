import { defineCommand } from 'citty'
import { demandFault } from '../../../operate/index.ts'
import { findLab, labArgs } from './lab-args.ts'
import { reporting, sayNoLab } from './reporting.ts'

/** `handbook lab heal [FAULT]`: undoes one fault, or all. */
export const heal = defineCommand({
  meta: {
    name: 'heal',
    description: 'Undo what was broken, as in: handbook lab heal FAULT',
  },
  args: {
    fault: { type: 'positional', required: false, description: 'What to undo; else everything' },
    ...labArgs,
  },
  run: ({ args }) =>
    reporting(async () => {
      const { lab, directory } = await findLab(args)
      if (args.fault !== undefined) demandFault(lab, args.fault)
      if (!(await lab.status(directory))) return sayNoLab(directory)
      await lab.heal(directory, args.fault)
      const faults = (await lab.status(directory))?.faults ?? []
      const rest = faults.length > 0 ? `Still in effect: ${faults.join(', ')}` : 'Nothing is broken any more.'
      process.stdout.write(args.json ? `${JSON.stringify({ faults })}\n` : `${rest}\n`)
      return 0
    }),
})
