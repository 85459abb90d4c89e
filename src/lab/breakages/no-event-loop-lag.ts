import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** A process that is too busy looks like one with nothing to do. */
export const noEventLoopLag = defectiveRelease({
  name: 'no-event-loop-lag',
  title: 'Nothing tells how late the event loop is',
  summary: 'A release leaves nodejs_eventloop_lag out of its metrics',
  code: changeAnswers(
    `({ url }, reply, body) => (url.startsWith('/metrics') ? body.replace(/^nodejs_eventloop_lag.*\\n/gm, '') : body)`,
  ),
})
