import type { AskedAlerts, NamedAlert } from '../journal/index.ts'
import type { RunPorts } from './run.ts'

/** Asks which of these alerts fire. Nobody is asked when there are none. */
export async function askForAlerts(alerts: readonly string[], ask: RunPorts['firingAlerts']): Promise<AskedAlerts> {
  if (alerts.length === 0) return { asked: 'no-alerts' }
  const answer = await ask()
  switch (answer.asked) {
    case 'nobody':
      return { asked: 'nobody' }
    case 'no-answer':
      return { asked: 'no-answer', why: answer.why }
    case 'answered': {
      const firing = alerts.flatMap((alert): NamedAlert[] => {
        // Somebody is told of an alert when they are told of one of its instances: those come first.
        const [first] = answer.firing.filter(({ name }) => name === alert)
        if (!first) return []
        return [{ alert, ...(first.quiet === undefined ? {} : { quiet: first.quiet }) }]
      })
      return firing.length > 0 ? { asked: 'fires', firing } : { asked: 'none-fires', alerts }
    }
    default:
      return answer satisfies never
  }
}
