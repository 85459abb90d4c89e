import { editedConfiguration } from '../kit/edited-configuration.ts'

/** It looks as if the change were in force. */
export const halfRestarted = editedConfiguration({
  name: 'half-restarted',
  title: 'API and worker run with different configurations',
  summary: 'limits.window was edited, and only the API was restarted',
  set: { 'limits.window': '2h' },
  restarted: ['api'],
})
