import { aborted, portOf, type ServiceContext } from '../run-process.ts'
import { createApp } from './create-app.ts'
import { createService } from './service.ts'

/** Serves until told to stop, then drains: requests in flight may end, tus uploads go on after the restart. */
export async function runApi(context: ServiceContext): Promise<void> {
  const { live, log, stop } = context
  const running = await createService(context)
  const app = await createApp(running.service, live)
  const { host, port, tls } = live.current.api
  const listening = await app.listen({ host, port })
  const url = tls.certFile === undefined ? listening : listening.replace(/^http:/, 'https:')
  log.info({ url, host, port: portOf(app.server.address()) }, 'listening')
  await aborted(stop)
  log.info('draining')
  running.service.drain.begin()
  await running.service.drain.untilIdle(live.current.api.drainTimeout)
  app.server.closeAllConnections()
  await app.close()
  await running.stop()
  log.info('stopped')
}
