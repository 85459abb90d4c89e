import { defineCommand } from 'citty'

/** `handbook lab`: the practice deployment. */
export const lab = defineCommand({
  meta: {
    name: 'lab',
    description: `A whole Upload Bridge on this machine, to practise on and to break.

  handbook lab up                       in one terminal; Ctrl-C stops it
  handbook lab break storage-filling    in another
  handbook run storage-filling
  handbook lab status --json | jq .faults
  handbook lab down
`,
  },
  subCommands: {
    up: () => import('./lab/up.ts').then(module => module.up),
    down: () => import('./lab/down.ts').then(module => module.down),
    status: () => import('./lab/status.ts').then(module => module.status),
    break: () => import('./lab/break.ts').then(module => module.breakFault),
    heal: () => import('./lab/heal.ts').then(module => module.heal),
  },
})
