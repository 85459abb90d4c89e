import { silenceAlerts } from '../silence-alerts.ts'

// What `hb silence` calls: silences alerts, and prints what it did for the run.
const [alerts = '', span = '', why = ''] = process.argv.slice(2)
silenceAlerts(JSON.parse(process.env.HB_SILENCING ?? '{}'), alerts.split(','), span, why).then(
  report => console.log(JSON.stringify(report)),
  error => {
    console.error(`hb: silence: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  },
)
