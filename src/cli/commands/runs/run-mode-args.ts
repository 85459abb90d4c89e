/** What commands take that make a run. */
export const runModeArgs = {
  param: { type: 'string', description: 'A secret parameter, given again', valueHint: 'k=v' },
  auto: { type: 'boolean', description: 'Run without questions, as far as the environment allows' },
  'break-glass': {
    type: 'string',
    description: 'Do not wait for an approval; this is recorded, and always shown',
    valueHint: 'REASON',
  },
  'accept-target': {
    type: 'boolean',
    description: 'Run although the target is not what it was when the run began',
  },
  json: { type: 'boolean', description: 'One event a line on stdout' },
} as const
