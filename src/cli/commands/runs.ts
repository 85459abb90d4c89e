import { defineCommand } from 'citty'

/** `handbook runs`: what was run before. */
export const runs = defineCommand({
  meta: {
    name: 'runs',
    description: `What was run before.

  handbook runs list
  handbook runs show 20261122-031502-k7f2`,
  },
  subCommands: {
    list: () => import('./runs/list.ts').then(module => module.list),
    show: () => import('./runs/show.ts').then(module => module.show),
  },
})
