import { editedConfiguration } from '../kit/edited-configuration.ts'

/** Somebody wanted to refuse nobody. */
export const unlimitedRequests = editedConfiguration({
  name: 'unlimited-requests',
  title: 'The API takes everything on',
  summary: 'limits.requestsInFlight is a million in the configuration',
  set: { 'limits.requestsInFlight': 1_000_000 },
})
