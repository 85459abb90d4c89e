import { AHEAD, wrongClock } from '../../kit/wrong-clock.ts'

/** The worker runs with a clock that is ahead of the database's. */
export const workerClockDiffers = wrongClock('worker', {
  name: 'worker-clock-differs',
  title: "The worker's clock is ahead",
  summary: `The worker is started with libfaketime, so that its clock is ${AHEAD} s ahead of the database's and the API's`,
})
