import { writeFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import { alertmanagerOf } from '../../kit/alertmanager.ts'
import { editedFile } from '../../kit/edited-file.ts'
import { keepBefore } from '../../kit/keep-before.ts'

/** A new route takes every alert before the others do, and its receiver tells nobody. */
export const watchdogUnrouted = editedFile({
  name: 'watchdog-unrouted',
  title: 'Alerts are routed to nobody',
  summary: 'Somebody adds a route for a test: it comes first, takes every alert, and its receiver tells nobody',
  kind: 'incident',
  path: deployment => alertmanagerOf(deployment).configPath,
  edit(text) {
    const { route, receivers, ...rest } = parse(text)
    const first = { matchers: ['alertname =~ ".+"'], receiver: 'test' }
    return stringify({
      ...rest,
      route: { ...route, routes: [first, ...route.routes] },
      receivers: [...receivers, { name: 'test' }],
    })
  },
  async adopt(deployment, text, edited) {
    const { configPath, reload } = alertmanagerOf(deployment)
    // As the page on monitoring says: the file before stays beside the new one.
    if (edited) await keepBefore(configPath)
    await writeFile(configPath, text)
    reload()
  },
})
