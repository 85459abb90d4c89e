import { defineCommand } from 'citty'
import { formatJson } from '../../../base/index.ts'
import { findStoreAround, listFiringThere, observeAlerts, viewIncident } from '../../../operate/index.ts'
import { formatIncident } from '../../../report/index.ts'
import { createPorts } from '../../ports.ts'
import { print } from '../../print.ts'
import { findIncident } from './change-command.ts'

/** `handbook incident show`: an incident as it stands. */
export const incidentShow = defineCommand({
  meta: {
    name: 'show',
    description: `An incident as it stands: severity, roles, when the next word is due, what was changed, and the timeline

  handbook incident show
  handbook incident show --incident 20261129-031502-k7f2 --json

It also asks what fires now, and writes down which alerts began or ended since the last look.`,
  },
  args: {
    incident: { type: 'string', description: 'Which one; without it, the one that is open', valueHint: 'ID' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args: { incident, json } }) {
    const ports = createPorts()
    const store = await findStoreAround(ports)
    const id = await findIncident(store, incident)
    const before = await viewIncident(store, id)
    if (before && !before.closed) {
      const there = await listFiringThere(before.environment, ports).catch(() => undefined)
      if (there && 'firing' in there) await observeAlerts(store, id, { firing: there.firing, all: true }, ports.by)
    }
    const view = await viewIncident(store, id)
    if (!view) return 2
    if (json) process.stdout.write(`${formatJson(view)}\n`)
    else print(formatIncident(view, new Date(), process.stdout.columns || 80))
    return 0
  },
})
