import { editedConfiguration } from '../kit/edited-configuration.ts'

/** Somebody had a slow statement once. */
export const endlessPatience = editedConfiguration({
  name: 'endless-patience',
  title: 'A statement may take a day',
  summary: 'database.statementTimeout is 1d in the configuration',
  set: { 'database.statementTimeout': '1d' },
})
