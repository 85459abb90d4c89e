import { defineCommand } from 'citty'
import { openLab } from '../../../lab-port/index.ts'
import { demandFault, openHandbook } from '../../../operate/index.ts'
import { findLab, labArgs } from './lab-args.ts'
import { reporting, sayNoLab } from './reporting.ts'

/** `handbook lab break FAULT`: returns when the fault is in effect. */
export const breakFault = defineCommand({
  meta: {
    name: 'break',
    description: 'Break the lab in a real way, as in: handbook lab break FAULT',
  },
  args: async () => ({
    fault: { type: 'positional', required: true, description: await explainFaults() } as const,
    ...labArgs,
  }),
  run: ({ args }) =>
    reporting(async () => {
      const { lab, directory } = await findLab(args)
      demandFault(lab, args.fault)
      if (!(await lab.status(directory))) return sayNoLab(directory)
      if (process.stderr.isTTY) process.stderr.write(`Breaking it: ${args.fault} …\n`)
      await lab.break(directory, args.fault)
      const broken = (await lab.status(directory))?.faults ?? []
      process.stdout.write(args.json ? `${JSON.stringify({ faults: broken })}\n` : `In effect: ${broken.join(', ')}\n`)
      return 0
    }),
})

/** What the lab of the handbook around here can break; help is given without one, too. */
async function explainFaults(): Promise<string> {
  const handbook = await openHandbook(process.cwd()).catch(() => undefined)
  const lab = handbook && (await openLab(handbook).catch(() => undefined))
  if (!lab) return 'What is to be broken; handbook.yaml here names no lab'
  const faults = lab.faults ? `One of ${names(lab.faults)}` : 'What is to be broken'
  return lab.mutations.length === 0
    ? faults
    : `${faults}; or, to see a check of the assessment fail: ${names(lab.mutations)}`
}

function names(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => name).join(', ')
}
