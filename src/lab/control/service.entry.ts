import { requestLab } from './control-client.ts'

const [directory, name, action, ...rest] = process.argv.slice(2)

async function main(): Promise<number> {
  if (directory === undefined || name === undefined || action === undefined || rest.length > 0) {
    console.error(
      'usage: lab-service api|worker|proxy|scanner|downstream|database start|stop|restart|reload|status|logs',
    )
    return 2
  }
  const path = `/services/${encodeURIComponent(name)}/${encodeURIComponent(action)}`
  const answer = await requestLab(directory, 'POST', path)
  if (answer === undefined) throw new Error(`no lab runs in ${directory}`)
  const { exitCode, output } = { exitCode: 1, output: '', ...Object(answer) }
  if (output) (exitCode === 1 ? console.error : console.log)(output)
  return Number(exitCode)
}

main().then(
  code => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  },
)
