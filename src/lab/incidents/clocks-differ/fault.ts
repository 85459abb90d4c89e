import { AHEAD, wrongClock } from '../../kit/wrong-clock.ts'

/** The API runs with a clock that is ahead of the database's. */
export const clocksDiffer = wrongClock('api', {
  name: 'clocks-differ',
  title: "The API's clock is ahead",
  summary: `The API is started with libfaketime, so that its clock is ${AHEAD} s ahead of the database's and the worker's`,
})
