import { defineCommand } from 'citty'

/** `handbook lab`: the practice deployment. */
export const labCommand = defineCommand({
  meta: {
    name: 'lab',
    description: `The practice deployment that handbook.yaml names: practise on it, and break it.

  handbook lab up --detach    returns when it is ready
  handbook lab break FAULT
  handbook run PAGE
  handbook lab status --json | jq .faults
  handbook lab down
`,
  },
  subCommands: {
    up: () => import('./lab/up-and-down.ts').then(module => module.up),
    down: () => import('./lab/up-and-down.ts').then(module => module.down),
    status: () => import('./lab/status.ts').then(module => module.status),
    break: () => import('./lab/break-and-heal.ts').then(module => module.breakFault),
    heal: () => import('./lab/break-and-heal.ts').then(module => module.heal),
  },
})
