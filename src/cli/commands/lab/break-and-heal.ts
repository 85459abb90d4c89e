import { defineCommand } from 'citty'
import { formatJson, makeVisible } from '../../../base/index.ts'
import { openLab } from '../../../lab-port/index.ts'
import { demandFault, openHandbook } from '../../../operate/index.ts'
import { print } from '../../print.ts'
import { demandRunning, explainOldLab, findLab, labArgs, showWait } from './lab-command.ts'
import { describeCures } from './status.ts'

/** `handbook lab break FAULT`: returns when the fault is in effect. */
export const breakFault = defineCommand({
  meta: {
    name: 'break',
    description: 'Break the lab in a real way.\n\n  handbook lab break FAULT',
  },
  args: async () => ({
    fault: { type: 'positional', required: true, description: await explainFaults() } as const,
    ...labArgs,
  }),
  run: ({ args }) =>
    explainOldLab(async () => {
      const { handbook, lab, directory } = await findLab(args)
      demandFault(lab, args.fault)
      await demandRunning(lab, directory)
      await showWait(`Breaking it: ${args.fault}`, lab.break(directory, args.fault))
      const broken = (await lab.status(directory))?.faults ?? []
      if (args.json) process.stdout.write(`${formatJson({ faults: broken })}\n`)
      else print(`In effect: ${makeVisible(broken.join(', '))}\n${await describeCures(handbook, broken)}`)
      return 0
    }),
})

/** For the help: the faults of the lab of the handbook around here. There may be none. */
async function explainFaults(): Promise<string> {
  const handbook = await openHandbook(process.cwd()).catch(() => undefined)
  const lab = handbook && (await openLab(handbook).catch(() => undefined))
  if (!lab) return 'The fault; handbook.yaml here names no lab'
  const faults = lab.faults ? `One of ${names(lab.faults)}` : 'The fault'
  return lab.mutations.length === 0
    ? faults
    : `${faults}; or one of the ${lab.mutations.length} mutations that checks of the assessment name`
}

function names(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => name).join(', ')
}

/** `handbook lab heal [FAULT]`: undoes one fault, or all. */
export const heal = defineCommand({
  meta: {
    name: 'heal',
    description: 'Undo what was broken: one fault, or all.\n\n  handbook lab heal\n  handbook lab heal FAULT',
  },
  args: {
    fault: { type: 'positional', required: false, description: 'The fault to undo; without it, all' },
    ...labArgs,
  },
  run: ({ args }) =>
    explainOldLab(async () => {
      const { lab, directory } = await findLab(args)
      if (args.fault !== undefined) demandFault(lab, args.fault)
      await demandRunning(lab, directory)
      await lab.heal(directory, args.fault)
      const faults = (await lab.status(directory))?.faults ?? []
      if (args.json) process.stdout.write(`${formatJson({ faults })}\n`)
      else
        print(
          faults.length > 0 ? `Still in effect: ${makeVisible(faults.join(', '))}\n` : 'Nothing is broken any more.\n',
        )
      return 0
    }),
})
