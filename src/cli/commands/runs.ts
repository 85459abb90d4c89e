import { defineCommand } from 'citty'

/** `handbook runs`: what was run before. */
export const runs = defineCommand({
  meta: {
    name: 'runs',
    description: `What was run before, and what can still be done about it.

  handbook runs list
  handbook runs show 20261122-031502-k7f2
  handbook runs follow 20261122-031502-k7f2
  handbook runs export 20261122-031502-k7f2 --format html --output run.html
  handbook runs verify 20261122-031502-k7f2
  handbook runs resume 20261122-031502-k7f2
  handbook runs roll-back 20261122-031502-k7f2
  handbook runs unreverted --env production`,
  },
  subCommands: {
    list: () => import('./runs/list.ts').then(module => module.runsList),
    show: () => import('./runs/show.ts').then(module => module.runsShow),
    follow: () => import('./runs/follow.ts').then(module => module.follow),
    export: () => import('./runs/export.ts').then(module => module.exportRun),
    resume: () => import('./runs/resume.ts').then(module => module.resume),
    'roll-back': () => import('./runs/roll-back.ts').then(module => module.rollBack),
    approve: () => import('./runs/approve.ts').then(module => module.approve),
    reviews: () => import('./runs/reviews.ts').then(module => module.reviews),
    review: () => import('./runs/reviews.ts').then(module => module.review),
    unreverted: () => import('./runs/unreverted.ts').then(module => module.unreverted),
    prune: () => import('./runs/prune.ts').then(module => module.prune),
    verify: () => import('./runs/verify.ts').then(module => module.verify),
    unlock: () => import('./runs/unlock.ts').then(module => module.unlockRuns),
    cancel: () => import('./runs/cancel.ts').then(module => module.cancel),
  },
})
