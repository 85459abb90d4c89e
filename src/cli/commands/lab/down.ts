import { defineCommand } from 'citty'
import type { LabEnding } from '../../../lab-port/index.ts'
import { findLab, labArgs } from './lab-args.ts'
import { reporting } from './reporting.ts'

/** `handbook lab down`: no process and no mount stays. */
export const down = defineCommand({
  meta: {
    name: 'down',
    description: 'Stop a lab, or clear away what a killed one left, as in: handbook lab down',
  },
  args: labArgs,
  run: ({ args }) =>
    reporting(async () => {
      const { lab, directory } = await findLab(args)
      const ending = await lab.down(directory)
      process.stdout.write(args.json ? `${JSON.stringify({ directory, ending })}\n` : `${describe(ending)}\n`)
      return 0
    }),
})

function describe(ending: LabEnding): string {
  switch (ending) {
    case 'ended':
      return 'The lab is down.'
    case 'cleared':
      return 'A killed lab had left processes or mounts behind; they are gone now.'
    case 'nothing':
      return 'No lab was running.'
    default:
      return ending satisfies never
  }
}
