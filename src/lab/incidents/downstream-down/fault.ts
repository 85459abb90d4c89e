import type { Fault } from '../../kit/fault.ts'

/** The downstream does not listen. */
export const downstreamDown: Fault = {
  name: 'downstream-down',
  title: 'The downstream is down',
  summary: 'The downstream is stopped: connections to it are refused',
  start: deployment => deployment.stop('downstream'),
  stop: deployment => deployment.start('downstream'),
  isActive: deployment => deployment.pid('downstream') === undefined,
}
