import { defineCommand } from 'citty'

/** `handbook alerts`: alert rules and the pages that answer them. */
export const alerts = defineCommand({
  meta: {
    name: 'alerts',
    description: `Alert rules, and the pages that answer them.

  handbook alerts check rules/*.yaml`,
  },
  subCommands: {
    check: () => import('./alerts/check.ts').then(module => module.checkAlerts),
  },
})
